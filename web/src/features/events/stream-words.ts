import { t } from '@lingui/core/macro';
import type {
  EventStreamKind,
  EventStreamRowFragment,
  SubjectFormat,
} from '../../generated/events-operations.ts';

export type Stream = EventStreamRowFragment;

export const KINDS: readonly EventStreamKind[] = ['WEBHOOK', 'SSF_PUSH', 'SSF_POLL', 'BACK_CHANNEL_LOGOUT'];
export const SUBJECT_FORMATS: readonly SubjectFormat[] = ['COMPLEX', 'ISS_SUB', 'EMAIL'];

export function kindName(kind: EventStreamKind): string {
  switch (kind) {
    case 'WEBHOOK':
      return t`Webhook`;
    case 'SSF_PUSH':
      return t`Shared signals, pushed`;
    case 'SSF_POLL':
      return t`Shared signals, fetched`;
    case 'BACK_CHANNEL_LOGOUT':
      return t`Back-channel logout`;
  }
}

export function kindMeaning(kind: EventStreamKind): string {
  switch (kind) {
    case 'WEBHOOK':
      return t`Signed JSON, for a program of your own. Follows Standard Webhooks.`;
    case 'SSF_PUSH':
      return t`Security event tokens, sent to a receiver of the Shared Signals Framework (RFC 8935).`;
    case 'SSF_POLL':
      return t`The receiver fetches security event tokens from Curfew (RFC 8936).`;
    case 'BACK_CHANNEL_LOGOUT':
      return t`Logout tokens of OpenID Connect, for an application that keeps sessions of its own.`;
  }
}

/** What the audience of a stream is, and what it becomes without one. */
export function audienceMeaning(kind: EventStreamKind): string {
  switch (kind) {
    case 'BACK_CHANNEL_LOGOUT':
      return t`The application’s client id, which its logout tokens are for.`;
    case 'SSF_POLL':
      return t`The receiver’s name for itself, which its tokens are for. Empty: a name that Curfew makes up.`;
    default:
      return t`The receiver’s name for itself, which its tokens are for. Empty: the address without its path.`;
  }
}

export function subjectFormatName(format: SubjectFormat): string {
  switch (format) {
    case 'COMPLEX':
      return t`The session, its user and the account`;
    case 'ISS_SUB':
      return t`The user, by issuer and id`;
    case 'EMAIL':
      return t`The user, by e-mail`;
  }
}

/** Kinds whose receiver Curfew sends to. */
export const hasAddress = (kind: EventStreamKind): boolean => kind !== 'SSF_POLL';

/** Kinds that take a test event: a logout token can be about nothing but a session. */
export const hasTest = (kind: EventStreamKind): boolean => kind !== 'BACK_CHANNEL_LOGOUT';

/** Kinds that are signed with a secret of their own. The others are signed with the server's published keys. */
export const hasSecret = (kind: EventStreamKind): boolean => kind === 'WEBHOOK';

/** Kinds whose tokens have an audience. */
export const hasAudience = (kind: EventStreamKind): boolean => kind !== 'WEBHOOK';

/** Kinds whose events name their subject in a chosen format. */
export const hasSubjectFormat = (kind: EventStreamKind): boolean =>
  kind === 'SSF_PUSH' || kind === 'SSF_POLL';

/** `https://hooks.example.com`: the rest of an address may hold a secret of the receiver. Null: it has none. */
export function originOf({ kind, url }: Pick<Stream, 'kind' | 'url'>): string | null {
  return url == null || !hasAddress(kind) ? null : (URL.parse(url)?.origin ?? url);
}

/** What a stream is called in a sentence: its description, or where it leads. */
export const streamName = (stream: Pick<Stream, 'kind' | 'url' | 'description' | 'audience'>): string =>
  stream.description ?? originOf(stream) ?? stream.audience;
