import { randomUUID } from 'node:crypto';
import type { CreateEventStreamInput } from '../generated/schema.ts';
import type { NewStream } from './event-streams.sql.ts';
import { requireEventTypes } from './event-types.ts';
import { requireUrlOfKind } from './receiver-url.ts';
import type { SecretBox } from './secret-box.ts';
import { requireAudience, requireDescription } from './stream-rules.ts';
import { createWebhookSecret, showWebhookSecret } from './webhook-secret.ts';

/**
 * Checks what is given for a new stream. `shownSecret` is what its receiver verifies with; null: the kind is signed with a key
 * that Curfew publishes.
 * @throws BAD_USER_INPUT with `field`
 */
export function toNewStream(
  input: CreateEventStreamInput,
  {
    accountId,
    secretBox,
    allowPrivateAddresses,
  }: {
    accountId: string;
    secretBox: SecretBox;
    allowPrivateAddresses: boolean;
  },
): { stream: NewStream; shownSecret: string | null } {
  const { kind } = input;
  const id = randomUUID();
  const url = requireUrlOfKind(kind, input.url, { allowPrivateAddresses });
  const webhookSecret = kind === 'WEBHOOK' ? createWebhookSecret() : null;
  return {
    stream: {
      id,
      accountId,
      kind,
      url,
      description: requireDescription(input.description),
      ...requireEventTypes(kind, input.eventTypes),
      subjectFormat: input.subjectFormat ?? 'COMPLEX',
      audience: requireAudience(input.audience, { id, url }),
      secret: webhookSecret && secretBox.seal(webhookSecret, id),
    },
    shownSecret: webhookSecret && showWebhookSecret(webhookSecret),
  };
}
