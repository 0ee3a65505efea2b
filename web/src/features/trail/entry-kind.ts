export type EntryKind = 'policy' | 'sign-in' | 'sign-out' | 'alarm' | 'person' | 'other';

/** The actions that have a sentence. */
const KINDS: Readonly<Record<string, EntryKind>> = {
  'account.created': 'other',
  'account.renamed': 'other',
  'account.deleted': 'other',
  'account.session_policy_update': 'policy',
  'account.sessions_revoked_bulk': 'sign-out',
  'service_key.created': 'other',
  'service_key.revoked': 'other',
  'export.created': 'other',
  'event_stream.created': 'other',
  'event_stream.updated': 'other',
  'event_stream.secret_rotated': 'other',
  'event_stream.deleted': 'other',
  'event_source.created': 'other',
  'event_source.deleted': 'other',
  'session.started': 'sign-in',
  'session.ended': 'sign-out',
  'session.reauthenticated': 'sign-in',
  'session.refresh_reuse_detected': 'alarm',
  'login.failed': 'alarm',
  'user.sessions_revoked': 'sign-out',
  'user.invited': 'person',
  'user.created': 'person',
  'user.identity_linked': 'person',
  'user.role_changed': 'person',
  'user.renamed': 'person',
  'user.deactivated': 'person',
  'user.reactivated': 'person',
  'user.deleted': 'person',
  'user.password_reset_requested': 'person',
  'user.password_link_requested': 'person',
  'user.password_changed': 'person',
};

/** Whether the action has a sentence. The details of another are shown as they are. */
export const isKnownAction = (action: string): boolean => Object.hasOwn(KINDS, action);

/** By which an entry has its icon. */
export const entryKind = (action: string): EntryKind => (isKnownAction(action) ? KINDS[action]! : 'other');

const SESSION_ENDS: readonly string[] = ['session.ended', 'session.refresh_reuse_detected'];

/** Whether an entry is the end of one session, which its resource names. */
export const isSessionEnd = ({ action, resourceType }: { action: string; resourceType: string }): boolean =>
  resourceType === 'session' && SESSION_ENDS.includes(action);
