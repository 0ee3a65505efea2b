/** The actions that the audit trail can be filtered by: `value` is the name on the server. */
export const ACTIONS = [
  {
    group: 'Policy and account',
    items: [
      { value: 'account.session_policy_update', label: 'Policy changed' },
      { value: 'account.sessions_revoked_bulk', label: 'Everyone signed out' },
      { value: 'account.created', label: 'Account created' },
      { value: 'account.deleted', label: 'Account deleted' },
      { value: 'service_key.created', label: 'Service key created' },
      { value: 'service_key.revoked', label: 'Service key revoked' },
    ],
  },
  {
    group: 'Sessions',
    items: [
      { value: 'session.started', label: 'Signed in' },
      { value: 'login.failed', label: 'Sign-in failed' },
      { value: 'session.ended', label: 'Signed out' },
      { value: 'user.sessions_revoked', label: 'One person signed out everywhere' },
      { value: 'session.refresh_reuse_detected', label: 'Copied session ended' },
    ],
  },
  {
    group: 'People',
    items: [
      { value: 'user.invited', label: 'Invited' },
      { value: 'user.created', label: 'Added by an application' },
      { value: 'user.identity_linked', label: 'Identity provider linked' },
      { value: 'user.role_changed', label: 'Role changed' },
      { value: 'user.deactivated', label: 'Deactivated' },
      { value: 'user.reactivated', label: 'Reactivated' },
      { value: 'user.deleted', label: 'Deleted' },
      { value: 'user.password_reset_requested', label: 'Password link created' },
      { value: 'user.password_changed', label: 'Password changed' },
    ],
  },
];
