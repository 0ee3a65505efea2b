import type { AuditEntryFragment, SessionEndReason } from '../../generated/operations.ts';
import { sessions } from '../../lib/count.ts';
import { endReasonInWords } from '../../lib/end-reason.ts';
import { describePolicyChange, type LimitChange } from './describe-policy-change.ts';

/** An audit event as a sentence: "`who` `what`", with further details. */
export interface Description {
  who: string;
  what: string;
  kind: 'policy' | 'sign-in' | 'sign-out' | 'alarm' | 'person' | 'other';
  limits?: LimitChange[];
  note?: string;
  /** The unformatted details of an action that this page does not know. */
  raw?: Record<string, unknown>;
}

type Event = Omit<AuditEntryFragment, 'createdAt' | 'ipAddress' | 'id'>;

const SYSTEM = 'system';

/** Describes an audit event. Its action and details come from `server/audit/audit.ts` and its callers. */
export function describe(event: Event): Description {
  const { action, details, subject } = event;
  const who = event.actor === null && event.actorName === SYSTEM ? 'Curfew' : event.actorName;
  const isOwn = event.actor !== null && event.actor.id === subject?.id;
  const whom = subject?.name ?? 'someone';

  switch (action) {
    case 'account.created':
      return { who, what: `created the account ${text(details.name)}`, kind: 'other' };
    case 'account.deleted':
      return { who, what: `deleted the account${andEnded(details.ended_sessions)}`, kind: 'other' };
    case 'service_key.created':
      return { who, what: `created the service key ${text(details.name)}`, kind: 'other' };
    case 'service_key.revoked':
      return { who, what: `revoked the service key ${text(details.name)}`, kind: 'other' };
    case 'account.session_policy_update':
      return { who, kind: 'policy', ...describePolicyChange(details) };
    case 'account.sessions_revoked_bulk': {
      const scope = details.scope === 'others' ? 'else' : 'including themselves';
      return {
        who,
        what: `signed out everyone ${scope}${andCount(details.revoked_count)}`,
        kind: 'sign-out',
      };
    }

    case 'session.started': {
      const where = details.app_type === 'TENANT_APP' ? 'an application' : 'the control panel';
      const what = isOwn || !subject ? `signed in to ${where}` : `signed ${whom} in to ${where}`;
      return { who, what, kind: 'sign-in' };
    }
    case 'session.ended':
      return { kind: 'sign-out', ...describeEnd(details.reason as SessionEndReason, who, whom, isOwn) };
    case 'session.refresh_reuse_detected':
      return {
        who: subject?.name ?? who,
        what: 'was signed out: an old token was used again',
        kind: 'alarm',
        note: 'Someone may have copied this session.',
      };
    case 'login.failed':
      return { who: 'Someone', what: `failed to sign in as ${event.actorName}`, kind: 'alarm' };

    case 'user.sessions_revoked': {
      const what = isOwn ? 'signed out everywhere' : `signed ${whom} out everywhere`;
      return { who, what: what + andCount(details.revoked_count), kind: 'sign-out' };
    }
    case 'user.invited':
      return {
        who,
        what: `invited ${whom}${inBrackets(details.email)} as ${roleInWords(details.role)}`,
        kind: 'person',
      };
    case 'user.created':
      return { who, what: `added ${whom}${inBrackets(details.email)} as a member`, kind: 'person' };
    case 'user.identity_linked':
      return { who, what: `signed in with ${text(details.provider)} for the first time`, kind: 'person' };
    case 'user.role_changed':
      return {
        who,
        what: `changed ${isOwn ? 'themselves' : whom} from ${roleInWords(details.old)} to ${roleInWords(details.new)}`,
        kind: 'person',
      };
    case 'user.deactivated':
      return {
        who,
        what: `deactivated ${isOwn ? 'themselves' : whom}${andEnded(details.ended_sessions)}`,
        kind: 'person',
      };
    case 'user.reactivated':
      return { who, what: `reactivated ${whom}`, kind: 'person' };
    case 'user.deleted':
      return {
        who,
        what: `deleted ${isOwn ? 'themselves' : 'a user'}${andEnded(details.ended_sessions)}`,
        kind: 'person',
      };
    case 'user.password_reset_requested':
      return {
        who,
        what: `created a password link for ${isOwn ? 'themselves' : whom}`,
        kind: 'person',
      };
    case 'user.password_changed':
      return { who, what: `changed their password${andEnded(details.ended_sessions)}`, kind: 'person' };

    default:
      return { who, what: action, kind: 'other', raw: details };
  }
}

function describeEnd(
  reason: SessionEndReason,
  who: string,
  whom: string,
  isOwn: boolean,
): Pick<Description, 'who' | 'what' | 'note'> {
  if (reason === 'LOGOUT')
    return { who, what: isOwn || whom === 'someone' ? 'signed out' : `signed ${whom} out` };
  if (reason === 'REVOKED_BY_USER') return { who, what: 'ended one of their other sessions' };
  if (!isOwn) return { who, what: `signed ${whom} out of one session` };
  return { who, what: 'was signed out of one session', note: `${endReasonInWords(reason)}.` };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Nothing for an e-mail that went with its user. */
const inBrackets = (value: unknown): string => (typeof value === 'string' ? ` (${value})` : '');

const roleInWords = (role: unknown): string => (role === 'OWNER' ? 'an owner' : 'a member');

function andCount(count: unknown): string {
  if (typeof count !== 'number') return '';
  return `: ${count === 0 ? 'no sessions were left' : sessions(count)}`;
}

const andEnded = (count: unknown): string =>
  typeof count === 'number' && count > 0 ? `, which ended ${sessions(count)}` : '';
