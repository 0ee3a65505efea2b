import { toNumericDate } from '../clock.ts';
import type { SessionEndReason } from '../generated/schema.ts';
import type { SecurityEvent } from './event-stream.ts';
import { reasonOfEnd, type SessionLimits } from './set-reasons.ts';

const SCHEMAS = 'https://schemas.openid.net/secevent';

/** CAEP 1.0, RISC 1.0, and the events of the framework itself (SSF 1.0). */
export const SESSION_REVOKED = `${SCHEMAS}/caep/event-type/session-revoked`;
export const SESSION_ESTABLISHED = `${SCHEMAS}/caep/event-type/session-established`;
export const CREDENTIAL_CHANGE = `${SCHEMAS}/caep/event-type/credential-change`;
const ACCOUNT_DISABLED = `${SCHEMAS}/risc/event-type/account-disabled`;
const ACCOUNT_ENABLED = `${SCHEMAS}/risc/event-type/account-enabled`;
export const VERIFICATION = `${SCHEMAS}/ssf/event-type/verification`;
export const STREAM_UPDATED = `${SCHEMAS}/ssf/event-type/stream-updated`;

/** In the outbox, for one stream only: a verification, with the state that was given, and a change of its status. */
export const VERIFICATION_EVENT = 'stream.verification';
export const STREAM_UPDATED_EVENT = 'stream.updated';

/** The types that a stream can ask for, and the type of the outbox that each is made from. */
const SOURCE_TYPES: Readonly<Record<string, string>> = {
  [SESSION_REVOKED]: 'session.ended',
  [SESSION_ESTABLISHED]: 'session.started',
  [CREDENTIAL_CHANGE]: 'user.password_changed',
  [ACCOUNT_DISABLED]: 'user.deactivated',
  [ACCOUNT_ENABLED]: 'user.reactivated',
};
export const SSF_EVENT_TYPES: readonly string[] = Object.keys(SOURCE_TYPES);

/** The types of the outbox for these event URIs. Null: for all. */
export const sourceTypesOf = (uris: readonly string[] | null): string[] =>
  (uris ?? SSF_EVENT_TYPES).map((uri) => SOURCE_TYPES[uri]!);

const URIS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(SOURCE_TYPES).map(([uri, type]) => [type, uri] as const),
  [VERIFICATION_EVENT, VERIFICATION],
  [STREAM_UPDATED_EVENT, STREAM_UPDATED],
]);

/** The event URI for a type of the outbox. Null: no security event token tells it. */
export const eventUriOf = (type: string): string | null => URIS.get(type) ?? null;

/** Who caused it (CAEP 1.0, section 2). */
type InitiatingEntity = 'admin' | 'user' | 'policy' | 'system';

/** The payload of the one event of a token. @param limits of the session that ended; null: not known any more */
export function eventPayload(event: SecurityEvent, limits: SessionLimits | null): Record<string, unknown> {
  const { details } = event;
  const common = (initiatingEntity: InitiatingEntity | null, reason: string) => ({
    event_timestamp: toNumericDate(event.occurredAt),
    ...(initiatingEntity === null ? {} : { initiating_entity: initiatingEntity }),
    reason_admin: { en: reason },
  });
  switch (event.type) {
    case 'session.ended': {
      const reason = details.end_reason as SessionEndReason;
      return common(initiatorOfEnd(reason), reasonOfEnd(reason, limits));
    }
    case 'session.started':
      return common(null, 'The user signed in.');
    case 'user.password_changed':
      return {
        credential_type: 'password',
        change_type: 'update',
        ...common('user', 'The password was changed.'),
      };
    case 'user.deactivated':
      return common('admin', 'The user may no longer sign in.');
    case 'user.reactivated':
      return common('admin', 'The user may sign in again.');
    // With `state`, where the receiver gave one.
    case VERIFICATION_EVENT:
    // With `status`, and `reason` where there is one.
    case STREAM_UPDATED_EVENT:
      return { ...details };
    default:
      throw new Error(`There is no security event token for ${event.type}.`);
  }
}

function initiatorOfEnd(reason: SessionEndReason): InitiatingEntity {
  switch (reason) {
    case 'LOGOUT':
    case 'REVOKED_BY_USER':
    case 'PASSWORD_CHANGED':
    case 'REPLACED':
      return 'user';
    case 'IDLE_TIMEOUT':
    case 'ABSOLUTE_TIMEOUT':
    case 'POLICY_CHANGED':
    case 'SESSION_LIMIT':
      return 'policy';
    case 'REVOKED_BY_OWNER':
    case 'USER_DEACTIVATED':
      return 'admin';
    case 'REVOKED_BY_SERVICE':
    case 'REFRESH_TOKEN_REUSED':
    case 'SECURITY_EVENT':
      return 'system';
    default:
      return reason satisfies never;
  }
}
