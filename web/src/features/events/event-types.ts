import { msg } from '@lingui/core/macro';
import type { MessageDescriptor } from '@lingui/core';
import type { EventStreamKind } from '../../generated/events-operations.ts';

/** A type of events that an owner may choose, by its name on the server. */
export interface EventType {
  value: string;
  meaning: MessageDescriptor;
}

/** Test events are in no list: they are sent on request, to streams of any types. */
const WEBHOOK_TYPES: readonly EventType[] = [
  { value: 'session.started', meaning: msg`Someone signed in.` },
  { value: 'session.ended', meaning: msg`A session ended, for whichever reason.` },
  { value: 'session.refresh_reuse_detected', meaning: msg`A copied session was found and ended.` },
  { value: 'policy.updated', meaning: msg`The session policy was saved.` },
  { value: 'user.deactivated', meaning: msg`Someone can no longer sign in.` },
  { value: 'user.reactivated', meaning: msg`Someone can sign in again.` },
  { value: 'user.password_changed', meaning: msg`Someone has a new password.` },
];

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type';

/** Event URIs of CAEP 1.0 and RISC 1.0. */
const SSF_TYPES: readonly EventType[] = [
  { value: `${CAEP}/session-revoked`, meaning: msg`A session ended, for whichever reason.` },
  { value: `${CAEP}/session-established`, meaning: msg`Someone signed in.` },
  { value: `${CAEP}/credential-change`, meaning: msg`Someone has a new password.` },
  { value: `${RISC}/account-disabled`, meaning: msg`Someone can no longer sign in.` },
  { value: `${RISC}/account-enabled`, meaning: msg`Someone can sign in again.` },
];

/** The types that a stream of a kind may choose from. Empty: it has no choice, as a logout token is about one thing. */
export function typesOf(kind: EventStreamKind): readonly EventType[] {
  switch (kind) {
    case 'WEBHOOK':
      return WEBHOOK_TYPES;
    case 'SSF_PUSH':
    case 'SSF_POLL':
      return SSF_TYPES;
    case 'BACK_CHANNEL_LOGOUT':
      return [];
  }
}

/** `session-revoked` for an event URI; the name itself for any other type. */
export const shortType = (type: string): string => /^https:\/\/.*\/([^/]+)$/.exec(type)?.[1] ?? type;
