import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

interface ActionGroup {
  /** In the address of the page. */
  value: string;
  label: MessageDescriptor;
  /** Of the entry that stands for all of the group. */
  all: MessageDescriptor;
  items: readonly { value: string; label: MessageDescriptor }[];
}

/** The actions that the audit trail can be filtered by: `value` is the name on the server. */
export const ACTIONS: readonly ActionGroup[] = [
  {
    value: 'account',
    label: msg`Policy and account`,
    all: msg`All about the policy and the account`,
    items: [
      { value: 'account.session_policy_update', label: msg`Policy changed` },
      { value: 'account.sessions_revoked_bulk', label: msg`Everyone signed out` },
      { value: 'account.created', label: msg`Account created` },
      { value: 'account.renamed', label: msg`Account renamed` },
      { value: 'account.deleted', label: msg`Account deleted` },
      { value: 'service_key.created', label: msg`Service key created` },
      { value: 'service_key.revoked', label: msg`Service key revoked` },
      { value: 'event_source.created', label: msg`Event source created` },
      { value: 'event_source.deleted', label: msg`Event source deleted` },
      { value: 'export.created', label: msg`Exported` },
    ],
  },
  {
    value: 'events',
    label: msg`Security events`,
    all: msg`All about event streams and sources`,
    items: [
      { value: 'event_stream.created', label: msg`Event stream created` },
      { value: 'event_stream.updated', label: msg`Event stream changed` },
      { value: 'event_stream.secret_rotated', label: msg`Secret rotated` },
      { value: 'event_stream.deleted', label: msg`Event stream deleted` },
      { value: 'event_source.created', label: msg`Event source created` },
      { value: 'event_source.deleted', label: msg`Event source deleted` },
    ],
  },
  {
    value: 'sessions',
    label: msg`Sessions`,
    all: msg`All about sessions`,
    items: [
      { value: 'session.started', label: msg`Signed in` },
      { value: 'session.reauthenticated', label: msg`Identity confirmed` },
      { value: 'login.failed', label: msg`Sign-in failed` },
      { value: 'session.ended', label: msg`Signed out` },
      { value: 'user.sessions_revoked', label: msg`One person signed out everywhere` },
      { value: 'session.refresh_reuse_detected', label: msg`Copied session ended` },
    ],
  },
  {
    value: 'people',
    label: msg`People`,
    all: msg`All about people`,
    items: [
      { value: 'user.invited', label: msg({ message: 'Invited', context: 'an event' }) },
      { value: 'user.created', label: msg`Added by an application` },
      { value: 'user.identity_linked', label: msg`Identity provider linked` },
      { value: 'user.role_changed', label: msg`Role changed` },
      { value: 'user.renamed', label: msg`Renamed` },
      { value: 'user.deactivated', label: msg({ message: 'Deactivated', context: 'an event' }) },
      { value: 'user.reactivated', label: msg`Reactivated` },
      { value: 'user.deleted', label: msg({ message: 'Deleted', context: 'an event' }) },
      { value: 'user.password_reset_requested', label: msg`Password link created` },
      { value: 'user.password_link_requested', label: msg`Password link asked for` },
      { value: 'user.password_changed', label: msg`Password changed` },
    ],
  },
];

/** The actions of a choice: those of a group, or the one. Null: every action. */
export function actionsOf(choice: string | null): string[] | null {
  if (choice === null) return null;
  const group = ACTIONS.find(({ value }) => value === choice);
  return group ? group.items.map(({ value }) => value) : [choice];
}
