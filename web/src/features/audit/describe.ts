import type { AuditEntryFragment, SessionEndReason } from '../../generated/operations.ts';
import { endReasonInWords } from '../../lib/end-reason.ts';
import { describePolicyChange, type Limit } from './describe-policy-change.ts';

/** An audit event as a person tells it: "`who` `what`", and what there is to know besides. */
export interface Description {
  who: string;
  what: string;
  kind: 'policy' | 'sign-in' | 'sign-out' | 'alarm' | 'person' | 'other';
  limits?: Limit[];
  note?: string;
  /** An action that this page does not know: its details as they are. */
  raw?: Record<string, unknown>;
}

type Event = Omit<AuditEntryFragment, 'createdAt' | 'ipAddress' | 'id'>;

const SYSTEM = 'system';

/** Actions and details are the server's: `server/audit/audit.ts` and whoever records there. */
export function describe(event: Event): Description {
  const { action, details, subject } = event;
  const who = event.actor === null && event.actorName === SYSTEM ? 'Curfew' : event.actorName;
  const isOwn = event.actor !== null && event.actor.id === subject?.id;
  const whom = subject?.name ?? 'somebody';

  switch (action) {
    case 'account.created':
      return { who, what: `created the account ${text(details.name)}`, kind: 'other' };
    case 'service_key.created':
      return { who, what: `made the service key ${text(details.name)}`, kind: 'other' };
    case 'service_key.revoked':
      return { who, what: `revoked the service key ${text(details.name)}`, kind: 'other' };
    case 'account.session_policy_update':
      return { who, kind: 'policy', ...describePolicyChange(details) };
    case 'account.sessions_revoked_bulk': {
      const scope = details.scope === 'others' ? 'but themselves' : 'including themselves';
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
        what: 'was signed out because a copied sign-in was used',
        kind: 'alarm',
        note: 'A refresh token that had been replaced came back, so the session was ended for safety.',
      };
    case 'login.failed':
      return { who: 'Somebody', what: `failed to sign in as ${event.actorName}`, kind: 'alarm' };

    case 'user.sessions_revoked': {
      const what = isOwn ? 'signed out everywhere' : `signed ${whom} out everywhere`;
      return { who, what: what + andCount(details.revoked_count), kind: 'sign-out' };
    }
    case 'user.invited':
      return {
        who,
        what: `invited ${whom} (${text(details.email)}) as ${roleInWords(details.role)}`,
        kind: 'person',
      };
    case 'user.created':
      return { who, what: `brought ${whom} (${text(details.email)}) along as a member`, kind: 'person' };
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
      return { who, what: `let ${whom} sign in again`, kind: 'person' };
    case 'user.password_reset_requested':
      return {
        who,
        what: `made a link for a new password for ${isOwn ? 'themselves' : whom}`,
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
    return { who, what: isOwn || whom === 'somebody' ? 'signed out' : `signed ${whom} out` };
  if (reason === 'REVOKED_BY_USER') return { who, what: 'signed out one of their sessions from another' };
  if (!isOwn) return { who, what: `signed ${whom} out of one session` };
  return { who, what: 'was signed out of one session', note: `${endReasonInWords(reason)}.` };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const roleInWords = (role: unknown): string => (role === 'OWNER' ? 'an owner' : 'a member');

const sessions = (count: number): string => (count === 1 ? '1 session' : `${count} sessions`);

function andCount(count: unknown): string {
  if (typeof count !== 'number') return '';
  return `: ${count === 0 ? 'no session was left to end' : sessions(count)}`;
}

const andEnded = (count: unknown): string =>
  typeof count === 'number' && count > 0 ? `, which ended ${sessions(count)}` : '';
