import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { toRefreshKey } from '../tokens/signing-keys.ts';
import type { ClaimedDelivery } from './event-stream.ts';
import { createSecretBox } from './secret-box.ts';
import { showWebhookSecret } from './webhook-secret.ts';
import { createWebhookKind } from './webhook.ts';

const secretBox = createSecretBox([toRefreshKey('k'.repeat(32))]);
const webhook = createWebhookKind(secretBox);
const now = new Date();
const [secret, previous] = [randomBytes(32), randomBytes(32)];

const delivery = (stream: Partial<ClaimedDelivery['stream']> = {}): ClaimedDelivery => ({
  id: 'delivery',
  eventId: 'event',
  leaseId: 'lease',
  attempts: 1,
  isControl: false,
  firstAttemptAt: now,
  previousAttemptAt: null,
  stream: {
    id: 'stream',
    accountId: 'account',
    kind: 'WEBHOOK',
    url: 'https://hooks.example.com/curfew',
    subjectFormat: 'COMPLEX',
    audience: 'https://hooks.example.com',
    secret: secretBox.seal(secret, 'stream'),
    previousSecret: secretBox.seal(previous, 'stream'),
    previousSecretUntil: null,
    isFailing: false,
    ...stream,
  },
  event: {
    type: 'session.ended',
    accountId: 'account',
    sessionId: 'session',
    userId: 'user',
    externalId: null,
    occurredAt: now,
    causeId: null,
    details: { end_reason: 'LOGOUT' },
  },
});

const verifies = (secret: Buffer, stream?: Partial<ClaimedDelivery['stream']>): boolean => {
  const { body, headers } = webhook.envelope(delivery(stream), now);
  try {
    new Webhook(showWebhookSecret(secret)).verify(body, { ...headers });
    return true;
  } catch {
    return false;
  }
};

test('a published library of Standard Webhooks verifies the signature', () => {
  expect(verifies(secret)).toBe(true);
  expect(verifies(randomBytes(32))).toBe(false);
});

test('the secret of before signs until its moment, and not at it', () => {
  const until = (milliseconds: number) => ({ previousSecretUntil: new Date(now.getTime() + milliseconds) });
  expect(verifies(previous, until(1))).toBe(true);
  expect(verifies(secret, until(1))).toBe(true);
  expect(verifies(previous, until(0))).toBe(false);
  expect(verifies(previous)).toBe(false);
});

test('a secret that cannot be read is said to the owner, and nothing is sent', () => {
  const sealed = createSecretBox([toRefreshKey('x'.repeat(32))]).seal(secret, 'stream');
  expect(() => webhook.envelope(delivery({ secret: sealed }), now)).toThrow('Rotate the secret.');
});

test('the body has what the contract names', () => {
  expect(JSON.parse(webhook.envelope(delivery(), now).body)).toEqual({
    type: 'session.ended',
    timestamp: now.toISOString(),
    data: {
      account_id: 'account',
      user_id: 'user',
      session_id: 'session',
      external_id: null,
      end_reason: 'LOGOUT',
      ended_at: now.toISOString(),
    },
  });
});

test.each([
  [200, 'delivered'],
  [204, 'delivered'],
  [299, 'delivered'],
  [301, 'failed'],
  [307, 'failed'],
  [400, 'failed'],
  [410, 'gone'],
  [500, 'failed'],
])('an answer with status %i is %s', (status, outcome) => {
  expect(webhook.judge({ status, body: Buffer.alloc(0) }).outcome).toBe(outcome);
});
