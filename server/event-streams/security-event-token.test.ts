import { generateKeyPairSync } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { SessionEndReason, SubjectFormat } from '../generated/schema.ts';
import { signSecurityEventToken } from '../tokens/signed-events.ts';
import type { SecurityEvent } from './event-stream.ts';
import { eventPayload, eventUriOf, sourceTypesOf, SSF_EVENT_TYPES } from './set-events.ts';
import { subjectOf } from './subject.ts';

const ISSUER = 'https://curfew.example.com';
const event: SecurityEvent = {
  type: 'session.ended',
  accountId: 'account',
  sessionId: 'session',
  userId: 'user',
  externalId: 'kim@there.example.com',
  occurredAt: new Date('2026-11-30T10:00:00.999Z'),
  details: { end_reason: 'LOGOUT' },
  causeId: null,
};
const limits = { idleSeconds: 900, absoluteSeconds: 43_200 };
const ended = (end_reason: SessionEndReason) => eventPayload({ ...event, details: { end_reason } }, limits);

test.each<[SessionEndReason, string]>([
  ['LOGOUT', 'user'],
  ['REVOKED_BY_USER', 'user'],
  ['REPLACED', 'user'],
  ['PASSWORD_CHANGED', 'user'],
  ['IDLE_TIMEOUT', 'policy'],
  ['ABSOLUTE_TIMEOUT', 'policy'],
  ['POLICY_CHANGED', 'policy'],
  ['SESSION_LIMIT', 'policy'],
  ['REVOKED_BY_OWNER', 'admin'],
  ['USER_DEACTIVATED', 'admin'],
  ['REVOKED_BY_SERVICE', 'system'],
  ['REFRESH_TOKEN_REUSED', 'system'],
  ['SECURITY_EVENT', 'system'],
])('%s was caused by %s, and has a reason that names no one', (reason, initiator) => {
  const payload = ended(reason) as { reason_admin: { en: string } };
  expect(payload).toEqual({
    event_timestamp: Date.parse('2026-11-30T10:00:00Z') / 1000,
    initiating_entity: initiator,
    reason_admin: { en: expect.stringMatching(/^[A-Z][\w ,'-]{10,}\.$/) },
  });
  expect(payload.reason_admin.en).not.toContain('kim');
});

test('a deadline names the length of its limit, while the session has a row', () => {
  expect(ended('IDLE_TIMEOUT').reason_admin).toEqual({
    en: 'The session had no activity for longer than its idle limit of 15 minutes.',
  });
  expect(ended('ABSOLUTE_TIMEOUT').reason_admin).toEqual({
    en: 'The session reached its absolute limit of 12 hours.',
  });
  const expired = { ...event, details: { end_reason: 'ABSOLUTE_TIMEOUT' } };
  expect(eventPayload(expired, null).reason_admin).toEqual({ en: 'The session reached its absolute limit.' });
});

test.each<[SubjectFormat, string | null, object]>([
  [
    'COMPLEX',
    null,
    {
      format: 'complex',
      session: { format: 'opaque', id: 'session' },
      user: { format: 'iss_sub', iss: ISSUER, sub: 'user' },
      tenant: { format: 'opaque', id: 'account' },
    },
  ],
  ['ISS_SUB', 'kim@example.com', { format: 'iss_sub', iss: ISSUER, sub: 'user' }],
  ['EMAIL', 'kim@example.com', { format: 'email', email: 'kim@example.com' }],
  ['EMAIL', null, { format: 'iss_sub', iss: ISSUER, sub: 'user' }],
])('the subject in the format %s, with the e-mail %s', (format, email, subject) => {
  expect(subjectOf(event, format, { issuer: ISSUER, email })).toEqual(subject);
});

test('members of a complex subject that do not apply are left out', () => {
  const ofUser = subjectOf({ ...event, sessionId: null }, 'COMPLEX', { issuer: ISSUER, email: null });
  expect(Object.keys(ofUser)).toEqual(['format', 'user', 'tenant']);
});

test('every event that can be asked for has its type of the outbox, and no other type has a token', () => {
  expect(sourceTypesOf(null).map(eventUriOf)).toEqual(SSF_EVENT_TYPES);
  for (const type of ['policy.updated', 'session.refresh_reuse_detected', 'test', '__proto__'])
    expect(eventUriOf(type)).toBeNull();
});

test('a signed token has the claims that it was given, and no time of expiry', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const claims = { iss: ISSUER, aud: 'a', iat: 1, jti: 'j', events: {} };
  const token = signSecurityEventToken(claims, { kid: 'k', privateKey });
  expect(jwt.verify(token, publicKey, { algorithms: ['RS256'], complete: true })).toMatchObject({
    header: { alg: 'RS256', typ: 'secevent+jwt', kid: 'k' },
    payload: claims,
  });
  expect(Object.keys(jwt.decode(token) as object)).toEqual(Object.keys(claims));
});
