import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { AuditEntryFragment, SessionEndReason } from '../../generated/audit-operations.ts';
import { endReasonInWords } from '../../lib/end-reason.ts';
import { Applied } from './applied.tsx';
import { sessionCounts } from './policy-change.ts';
import {
  AccountDeleted,
  Deactivated,
  Invited,
  PasswordChanged,
  Renamed,
  RoleChanged,
  UserDeleted,
} from './people-sentences.tsx';
import { EventSentence, noteOfStreamChange } from './event-sentences.tsx';
import { PersonName } from './person-name.tsx';
import { Exported, PolicySaved } from './policy-sentences.tsx';
import {
  AuthenticatedAgain,
  EveryoneSignedOut,
  SessionEnded,
  SignedIn,
  SignedOutEverywhere,
} from './session-sentences.tsx';
import { inBrackets, type Told } from './told.ts';

export type Entry = Pick<
  AuditEntryFragment,
  'action' | 'actor' | 'actorName' | 'subject' | 'subjectName' | 'details'
>;

const SYSTEM = 'system';

/**
 * An entry of the audit trail as one sentence. A person's own activity comes without the names in its details. Its action and details come from `server/audit/audit.ts` and its callers.
 */
export function Sentence({ entry, viewerId }: { entry: Entry; viewerId: string | undefined }) {
  const { action, actor, actorName, subject, details } = entry;
  const isSystem = actor === null && actorName === SYSTEM;
  const subjectName = entry.subjectName ?? null;
  const isOwn = actor !== null && actor.id === subject?.id;
  const told: Told = {
    who: <PersonName name={isSystem ? 'Curfew' : actorName} isYou={isYou(actor, viewerId)} />,
    whom:
      subjectName === null ? (
        <Trans>someone</Trans>
      ) : (
        <PersonName name={subjectName} isYou={!isOwn && isYou(subject, viewerId)} />
      ),
    isOwn,
    isApplication: actor === null && !isSystem && subjectName !== null,
    details,
  };
  const { who, whom } = told;

  switch (action) {
    case 'account.created': {
      const name = text(details.name);
      return (
        <Trans>
          {who} created the account {name}
        </Trans>
      );
    }
    case 'account.deleted':
      return <AccountDeleted {...told} />;
    case 'service_key.created': {
      const name = text(details.name);
      if (name === '') return <Trans>{who} created a service key</Trans>;
      return (
        <Trans>
          {who} created the service key {name}
        </Trans>
      );
    }
    case 'account.renamed': {
      const oldName = text(details.old_name);
      const newName = text(details.name);
      if (newName === '') return <Trans>{who} renamed the account</Trans>;
      return (
        <Trans>
          {who} renamed the account from {oldName} to {newName}
        </Trans>
      );
    }
    case 'service_key.revoked': {
      const name = text(details.name);
      if (name === '') return <Trans>{who} revoked a service key</Trans>;
      return (
        <Trans>
          {who} revoked the service key {name}
        </Trans>
      );
    }
    case 'export.created':
      return <Exported {...told} />;
    case 'event_stream.created':
    case 'event_stream.updated':
    case 'event_stream.secret_rotated':
    case 'event_stream.deleted':
    case 'event_source.created':
    case 'event_source.deleted':
      return <EventSentence {...told} action={action} />;
    case 'account.session_policy_update':
      return <PolicySaved {...told} />;
    case 'account.sessions_revoked_bulk':
      return <EveryoneSignedOut {...told} />;

    case 'session.started':
      return <SignedIn {...told} hasSubject={subjectName !== null} />;
    case 'session.ended':
      return <SessionEnded {...told} hasSubject={subjectName !== null} />;
    case 'session.reauthenticated':
      return <AuthenticatedAgain {...told} hasSubject={subjectName !== null} />;
    case 'session.refresh_reuse_detected': {
      const one = subjectName === null ? who : isOwn ? who : whom;
      return <Trans>{one} was signed out: an old token was used again</Trans>;
    }
    case 'login.failed': {
      const name = <strong>{actorName}</strong>;
      return <Trans>Someone failed to sign in as {name}</Trans>;
    }

    case 'user.sessions_revoked':
      return <SignedOutEverywhere {...told} />;
    case 'user.invited':
      return <Invited {...told} />;
    case 'user.created': {
      const email = inBrackets(details.email);
      return (
        <Trans>
          {who} added {whom}
          {email} as a member
        </Trans>
      );
    }
    case 'user.identity_linked': {
      const provider = text(details.provider);
      return (
        <Trans>
          {who} signed in with {provider} for the first time
        </Trans>
      );
    }
    case 'user.role_changed':
      return <RoleChanged {...told} />;
    case 'user.renamed':
      return <Renamed {...told} />;
    case 'user.deactivated':
      return <Deactivated {...told} />;
    case 'user.reactivated':
      return (
        <Trans>
          {who} reactivated {whom}
        </Trans>
      );
    case 'user.deleted':
      return <UserDeleted {...told} />;
    case 'user.password_reset_requested':
      return isOwn ? (
        <Trans>{who} created a password link for themselves</Trans>
      ) : (
        <Trans>
          {who} created a password link for {whom}
        </Trans>
      );
    case 'user.password_link_requested':
      return <Trans>Someone asked for a password link for {whom}</Trans>;
    case 'user.password_changed':
      return <PasswordChanged {...told} />;
    default:
      return (
        <span>
          {who}
          <span>{` ${action}`}</span>
        </span>
      );
  }
}

/** What is said below a sentence: why, and what more it did. Null: nothing more. */
export function noteOf(entry: Entry): ReactNode {
  switch (entry.action) {
    case 'session.refresh_reuse_detected':
      return <Trans>Someone may have copied this session.</Trans>;
    case 'session.started':
      return entry.details.new_device === true ? <Trans>From a new device.</Trans> : null;
    case 'session.ended':
      return noteOfEnd(entry);
    case 'user.role_changed':
      return noteOfRole(entry);
    case 'event_stream.updated':
      return noteOfStreamChange(entry.details);
    default:
      return null;
  }
}

/** Where the sentence itself does not say why. */
function noteOfEnd({ actor, subject, details: { reason } }: Entry): ReactNode {
  if (typeof reason !== 'string' || reason === 'LOGOUT' || reason === 'REVOKED_BY_USER') return null;
  const isOwn = actor !== null && actor.id === subject?.id;
  // No one decided that: a new sign-in did it, also one in an application.
  const isByLimit = reason === 'SESSION_LIMIT';
  return isOwn || isByLimit ? `${endReasonInWords(reason as SessionEndReason)}.` : null;
}

/** What the limits of the role did to the sessions of the user. */
function noteOfRole({ details }: Entry): ReactNode {
  const counts = sessionCounts(details);
  return counts && (counts.ended > 0 || counts.shortened > 0) ? <Applied {...counts} /> : null;
}

const isYou = (user: { id: string } | null | undefined, viewerId: string | undefined): boolean =>
  user != null && user.id === viewerId;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
