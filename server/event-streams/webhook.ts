import { createHmac } from 'node:crypto';
import { toNumericDate } from '../clock.ts';
import type { ClaimedDelivery, SecurityEvent } from './event-stream.ts';
import type { SecretBox } from './secret-box.ts';
import { judgeStatus } from './judge-answer.ts';
import type { Answer, Envelope } from './outgoing-post.ts';
import { EnvelopeError, type Judgement, type StreamKind } from './stream-kind.ts';

/**
 * Webhooks by the specification Standard Webhooks (https://www.standardwebhooks.com). `webhook-id` is the id of the delivery:
 * the same at every attempt, so that a receiver knows a repeat.
 */
export function createWebhookKind(secretBox: SecretBox) {
  return {
    label: 'webhook' as const,

    envelope(delivery: ClaimedDelivery, now: Date): Envelope {
      const { url } = delivery.stream;
      if (url === null) throw new EnvelopeError('The stream has no address.');
      const body = webhookBody(delivery.event);
      const timestamp = toNumericDate(now);
      const signed = `${delivery.id}.${timestamp}.${body}`;
      return {
        url,
        body,
        headers: {
          'content-type': 'application/json',
          'webhook-id': delivery.id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': openSecrets(secretBox, delivery, now)
            .map((secret) => `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`)
            .join(' '),
        },
      };
    },

    judge: ({ status }: Answer): Judgement => judgeStatus(status, (given) => given >= 200 && given < 300),
  } satisfies StreamKind;
}

/** The secret, and for a while after its rotation the one of before. */
function openSecrets(secretBox: SecretBox, { stream }: ClaimedDelivery, now: Date): Buffer[] {
  const { id, secret, previousSecret, previousSecretUntil } = stream;
  const current = secret === null ? null : secretBox.open(secret, id);
  if (!current)
    throw new EnvelopeError("The stream's secret cannot be read: its key was removed. Rotate the secret.");
  const isPreviousValid =
    previousSecret !== null && previousSecretUntil !== null && previousSecretUntil > now;
  const previous = isPreviousValid ? secretBox.open(previousSecret, id) : null;
  return previous ? [current, previous] : [current];
}

const webhookBody = (event: SecurityEvent): string =>
  JSON.stringify({ type: event.type, timestamp: event.occurredAt.toISOString(), data: webhookData(event) });

function webhookData(event: SecurityEvent): Record<string, unknown> {
  const { type, accountId, userId, sessionId, externalId, occurredAt, details } = event;
  return {
    account_id: accountId,
    ...(userId === null ? {} : { user_id: userId }),
    ...(sessionId === null ? {} : { session_id: sessionId }),
    ...(type === 'session.ended' ? { external_id: externalId, ended_at: occurredAt.toISOString() } : {}),
    ...details,
  };
}
