import { createTransport } from 'nodemailer';
import { isLoopback } from '../config/loopback.ts';
import type { MailSender, SmtpSettings } from '../config/mail-settings.ts';
import type { MailText } from './mail-texts.ts';

export interface Envelope extends MailText {
  to: string;
  /** The same at every attempt, so that a mailbox recognises a mail that arrived twice. */
  messageId: string;
}

/** Hands over one mail. @throws what `explainFailure` reads */
export type Deliver = (mail: Envelope) => Promise<void>;

/** For the whole of a step, so that a server that answers nothing holds up no other mail for long. */
const CONNECT_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 20_000;
/** For a whole attempt: a server that goes on sending half an answer is never idle. */
const ATTEMPT_TIMEOUT_MS = 60_000;

/** Whether nothing is sent before STARTTLS, even where the server does not offer it. */
export const isTlsRequired = ({ host, isTls, credentials }: SmtpSettings): boolean =>
  !isTls && credentials !== null && !isLoopback(host);

/**
 * Delivers over SMTP, one connection for each mail. TLS begins with the connection (smtps), or by STARTTLS where the server
 * offers it. With a password it is required, except on loopback: else anyone in between could take the offer out of the
 * server's answer and read the password. Certificates are verified.
 */
export function createSmtpDelivery(
  smtp: SmtpSettings,
  from: MailSender,
  { attemptTimeoutMs = ATTEMPT_TIMEOUT_MS } = {},
): Deliver {
  const { host, port, isTls, credentials } = smtp;
  const transport = createTransport({
    host,
    port,
    secure: isTls,
    requireTLS: isTlsRequired(smtp),
    auth: credentials ? { user: credentials.user, pass: credentials.password } : undefined,
    dnsTimeout: CONNECT_TIMEOUT_MS,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: IDLE_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async ({ to, subject, text, messageId }) => {
    await transport.sendMail({
      from: { name: from.name, address: from.address },
      // As an object: the address is not parsed again, and names no second recipient.
      to: { name: '', address: to },
      subject,
      text,
      messageId,
      headers: { 'Auto-Submitted': 'auto-generated' },
      // Ends the attempt and its connection.
      signal: AbortSignal.timeout(attemptTimeoutMs),
    });
  };
}

export interface DeliveryFailure {
  /** The server refused for good; another attempt would end alike. */
  isFinal: boolean;
  /** For the log: no text of the server, which may repeat the address. */
  code: string | undefined;
  status: number | undefined;
  problem: string | undefined;
}

/** Tells a refusal for good (5xx, RFC 5321, section 4.2.1) from everything that may pass. */
export function explainFailure(error: unknown): DeliveryFailure {
  const { code, responseCode, response, message } = error as Record<string, unknown>;
  const status = typeof responseCode === 'number' ? responseCode : undefined;
  return {
    isFinal: status !== undefined && status >= 500,
    code: typeof code === 'string' ? code : undefined,
    status,
    problem: response === undefined && typeof message === 'string' ? message : undefined,
  };
}
