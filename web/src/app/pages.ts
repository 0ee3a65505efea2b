import type { ComponentType } from 'react';

interface PageSource {
  load(): Promise<ComponentType>;
  /**
   * Where the texts of the page are, beside those of the sign-in page and the shell: `app`, or folders of `features`.
   * Those that a part of the page loads with itself are not among them. pages.test.ts compares them with what the page
   * imports.
   */
  texts: readonly string[];
}

/** Every page but the sign-in page, and the shell around those behind it. Each is loaded when it is opened. */
export const PAGES = {
  callback: {
    load: async () => (await import('../features/sign-in/callback-page.tsx')).CallbackPage,
    texts: [],
  },
  'forgotten-password': {
    load: async () => (await import('../features/sign-in/forgotten-password-page.tsx')).ForgottenPasswordPage,
    texts: [],
  },
  'set-password': {
    load: async () => (await import('../features/sign-in/set-password-page.tsx')).SetPasswordPage,
    texts: [],
  },
  shell: {
    load: async () => (await import('./shell.tsx')).Shell,
    texts: ['app', 'expiry', 'new-sign-ins'],
  },
  // No page, but a dialog over all of them.
  reauthentication: {
    load: async () => (await import('../features/reauthentication/reauthentication.tsx')).Reauthentication,
    texts: ['reauthentication'],
  },
  account: {
    load: async () => (await import('../features/account/account-page.tsx')).AccountPage,
    texts: ['account'],
  },
  'own-sessions': {
    load: async () => (await import('../features/account/own-sessions-page.tsx')).OwnSessionsPage,
    texts: ['account', 'explanation', 'trail'],
  },
  policy: {
    load: async () => (await import('../features/policy/policy-page.tsx')).PolicyPage,
    texts: ['policy', 'policy-effect', 'policy-words'],
  },
  sessions: {
    load: async () => (await import('../features/sessions/sessions-page.tsx')).SessionsPage,
    texts: ['sessions', 'explanation'],
  },
  people: {
    load: async () => (await import('../features/people/people-page.tsx')).PeoplePage,
    texts: ['people'],
  },
  applications: {
    load: async () => (await import('../features/applications/applications-page.tsx')).ApplicationsPage,
    texts: ['applications'],
  },
  events: {
    load: async () => (await import('../features/events/events-page.tsx')).EventsPage,
    texts: ['events'],
  },
  audit: {
    load: async () => (await import('../features/audit/audit-page.tsx')).AuditPage,
    texts: ['audit', 'exports', 'trail'],
  },
  evidence: {
    load: async () => (await import('../features/evidence/evidence-page.tsx')).EvidencePage,
    texts: ['evidence', 'exports', 'policy-effect', 'policy-words', 'trail'],
  },
} satisfies Record<string, PageSource>;

export type PageName = keyof typeof PAGES;
