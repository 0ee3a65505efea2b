/** Every page but the sign-in page, and the shell around those behind it. Each is loaded when it is opened. */
export const PAGES = {
  callback: async () => (await import('../features/sign-in/callback-page.tsx')).CallbackPage,
  'forgotten-password': async () =>
    (await import('../features/sign-in/forgotten-password-page.tsx')).ForgottenPasswordPage,
  'set-password': async () => (await import('../features/sign-in/set-password-page.tsx')).SetPasswordPage,
  shell: async () => (await import('./shell.tsx')).Shell,
  account: async () => (await import('../features/account/account-page.tsx')).AccountPage,
  'own-sessions': async () => (await import('../features/account/own-sessions-page.tsx')).OwnSessionsPage,
  policy: async () => (await import('../features/policy/policy-page.tsx')).PolicyPage,
  sessions: async () => (await import('../features/sessions/sessions-page.tsx')).SessionsPage,
  people: async () => (await import('../features/people/people-page.tsx')).PeoplePage,
  applications: async () => (await import('../features/applications/applications-page.tsx')).ApplicationsPage,
  audit: async () => (await import('../features/audit/audit-page.tsx')).AuditPage,
};

export type PageName = keyof typeof PAGES;
