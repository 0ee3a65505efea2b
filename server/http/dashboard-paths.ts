/**
 * The paths of the dashboard, which is one page and routes by path in the browser (`web/src/app/router.tsx`). A path that is
 * not here is answered with 404, by the same page for a person. test/operations/pages.test.ts compares both lists.
 */
export const DASHBOARD_PATHS = [
  '/',
  '/login',
  '/login/callback',
  '/login/forgot',
  '/set-password',
  '/account',
  '/account/security',
  '/account/security/sessions',
  '/account/people',
  '/account/applications',
  '/account/events',
  '/account/audit',
  '/account/evidence',
  '/account/sessions',
];
