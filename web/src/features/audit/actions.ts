/** What the trail can be filtered by, as the server calls it and as a person does. */
export const ACTIONS = [
  {
    group: 'Policy and account',
    items: [
      { value: 'account.session_policy_update', label: 'Policy changed' },
      { value: 'account.sessions_revoked_bulk', label: 'Everyone signed out' },
      { value: 'account.created', label: 'Account created' },
      { value: 'service_key.created', label: 'Service key made' },
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
      { value: 'session.refresh_reuse_detected', label: 'Copied sign-in stopped' },
    ],
  },
  {
    group: 'People',
    items: [
      { value: 'user.invited', label: 'Invited' },
      { value: 'user.created', label: 'Brought along by an application' },
      { value: 'user.identity_linked', label: 'Identity provider linked' },
      { value: 'user.role_changed', label: 'Role changed' },
      { value: 'user.deactivated', label: 'Deactivated' },
      { value: 'user.reactivated', label: 'Reactivated' },
      { value: 'user.password_reset_requested', label: 'Password link made' },
      { value: 'user.password_changed', label: 'Password changed' },
    ],
  },
];
