import { randomUUID } from 'node:crypto';
import type { Config } from '../config/config.ts';
import { domainOf } from '../email.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Mailer } from './mail.ts';
import { createMailQueue } from './mail-queue.ts';
import { textOf } from './mail-texts.ts';
import { createSmtpDelivery } from './smtp-transport.ts';

export interface MailModule {
  readonly mailer: Mailer;
  /** Sends what is waiting, as far as `timeoutMs` allows, and logs how many mails are lost. */
  stop(timeoutMs: number): Promise<void>;
}

/** Mails with links to set a password, and notices of a changed one. Without SMTP_URL nothing is sent. */
export function createMailModule(
  { mail }: Pick<Config, 'mail'>,
  { logger, metrics, publicUrl }: { logger: Logger; metrics: Metrics; publicUrl: string },
): MailModule {
  if (mail === null) return { mailer: { isConfigured: false, send: () => false }, stop: async () => {} };
  const queue = createMailQueue({
    deliver: createSmtpDelivery(mail.smtp, mail.from),
    logger,
    count: metrics.mail,
  });
  const domain = domainOf(mail.from.address);
  return {
    mailer: {
      isConfigured: true,
      send: (given) =>
        queue.add(given.kind, {
          to: given.to,
          messageId: `<${randomUUID()}@${domain}>`,
          ...textOf(given, publicUrl),
        }),
    },
    stop: (timeoutMs) => queue.stop(timeoutMs),
  };
}
