import { createBrowserRouter, Navigate, Outlet } from 'react-router';
import { SignInPage } from '../features/sign-in/sign-in-page.tsx';
import { loadSignedInTexts } from '../lib/language.ts';
import { followLanguage } from './follow-language.tsx';
import { NotFound } from './not-found.tsx';
import { OwnersOnly } from './owners-only.tsx';
import { PageFailure } from './page-failure.tsx';
import { RequireSession } from './require-session.tsx';
import { UnknownPage } from './unknown-page.tsx';

/** All pages except the sign-in page are loaded on demand, so that signing in does not wait for the rest. */
export function createDashboardRouter() {
  return createBrowserRouter(
    followLanguage([
      {
        errorElement: <PageFailure />,
        hydrateFallbackElement: <></>,
        children: [
          { path: '/', element: <Navigate to="/account" replace /> },
          { path: '/login', element: <SignInPage /> },
          {
            path: '/login/callback',
            lazy: async () => ({
              Component: (await import('../features/sign-in/callback-page.tsx')).CallbackPage,
            }),
          },
          {
            path: '/login/forgot',
            lazy: async () => ({
              Component: (await import('../features/sign-in/forgotten-password-page.tsx'))
                .ForgottenPasswordPage,
            }),
          },
          {
            path: '/set-password',
            lazy: async () => ({
              Component: (await import('../features/sign-in/set-password-page.tsx')).SetPasswordPage,
            }),
          },
          { path: '*', element: <UnknownPage /> },
          {
            element: (
              <RequireSession>
                <Outlet />
              </RequireSession>
            ),
            children: [
              {
                lazy: async () => {
                  const [{ Shell }] = await Promise.all([import('./shell.tsx'), loadSignedInTexts()]);
                  return { Component: Shell };
                },
                children: [
                  {
                    errorElement: <PageFailure />,
                    children: [
                      {
                        path: '/account',
                        lazy: async () => ({
                          Component: (await import('../features/account/account-page.tsx')).AccountPage,
                        }),
                      },
                      {
                        path: '/account/sessions',
                        lazy: async () => ({
                          Component: (await import('../features/account/own-sessions-page.tsx'))
                            .OwnSessionsPage,
                        }),
                      },
                      {
                        element: <OwnersOnly />,
                        children: [
                          {
                            path: '/account/security',
                            lazy: async () => ({
                              Component: (await import('../features/policy/policy-page.tsx')).PolicyPage,
                            }),
                          },
                          {
                            path: '/account/security/sessions',
                            lazy: async () => ({
                              Component: (await import('../features/sessions/sessions-page.tsx'))
                                .SessionsPage,
                            }),
                          },
                          {
                            path: '/account/people',
                            lazy: async () => ({
                              Component: (await import('../features/people/people-page.tsx')).PeoplePage,
                            }),
                          },
                          {
                            path: '/account/applications',
                            lazy: async () => ({
                              Component: (await import('../features/applications/applications-page.tsx'))
                                .ApplicationsPage,
                            }),
                          },
                          {
                            path: '/account/audit',
                            lazy: async () => ({
                              Component: (await import('../features/audit/audit-page.tsx')).AuditPage,
                            }),
                          },
                        ],
                      },
                      { path: '/account/*', element: <NotFound /> },
                    ],
                  },
                ],
              },
            ],
          },
        ],
      },
    ]),
  );
}
