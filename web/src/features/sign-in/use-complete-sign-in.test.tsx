/**
 * @jest-environment jsdom
 */
import { ApolloClient, ApolloLink, InMemoryCache } from '@apollo/client';
import { ApolloProvider } from '@apollo/client/react';
import { act, render, screen } from '@testing-library/react';
import { TextEncoder } from 'node:util';
import { StrictMode } from 'react';
import { of } from 'rxjs';
import type { Grant, SessionState, SessionWatcher } from '@curfew/client';
import { CurfewProvider } from '@curfew/client/react';

// jsdom does not have it, and the router needs it on load.
Object.assign(globalThis, { TextEncoder });
const { MemoryRouter, useLocation } = await import('react-router');
const { useCompleteSignIn } = await import('./use-complete-sign-in.ts');

/** A watcher that, in status `starting`, looks for a session until `settle` reports that there is none. */
function fakeWatcher(status: SessionState['status']) {
  const begun: Grant[] = [];
  const listeners = new Set<() => void>();
  let state = { status, connection: 'live' } as SessionState;
  const watcher = {
    getState: () => state,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {},
    stop() {},
    begin: (given: Grant) => void begun.push(given),
  } as unknown as SessionWatcher;
  const settle = () => {
    state = { ...state, status: 'none' };
    listeners.forEach((listener) => listener());
  };
  return { watcher, begun, settle };
}

function Probe() {
  const { kind } = useCompleteSignIn();
  const { pathname, search } = useLocation();
  return <p>{`${kind} at ${pathname}${search}`}</p>;
}

function open(address: string, status: SessionState['status'] = 'starting') {
  const asked: unknown[] = [];
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: new ApolloLink(({ variables }) => {
      asked.push(variables);
      return of({ data: { completeOAuthLogin: {} } });
    }),
  });
  const fake = fakeWatcher(status);
  render(
    <StrictMode>
      <CurfewProvider watcher={fake.watcher}>
        <ApolloProvider client={client}>
          <MemoryRouter initialEntries={[address]}>
            <Probe />
          </MemoryRouter>
        </ApolloProvider>
      </CurfewProvider>
    </StrictMode>,
  );
  return { ...fake, asked };
}

test('a code is used once, although effects run twice, and is removed from the address at once', async () => {
  // With a known status, as on a page shown again, the effect of the first render runs twice.
  const { asked, begun } = open('/login/callback?code=c&state=s', 'none');
  await screen.findByText('done at /login/callback');
  const callbackUrl = `${location.origin}/login/callback?code=c&state=s`;
  expect(asked).toEqual([{ input: { callbackUrl, transport: 'COOKIE' } }]);
  expect(begun).toHaveLength(1);
});

test('nothing is completed before the session of the cookie is known', async () => {
  const { asked, settle } = open('/login/callback?error=access_denied&state=s');
  expect(asked).toEqual([]);
  act(settle);
  expect(asked).toHaveLength(1);
  await screen.findByText('done at /login/callback');
});

test('without a response of a provider nothing is completed', () => {
  const { asked, settle } = open('/login/callback?utm_source=elsewhere');
  act(settle);
  screen.getByText('none at /login/callback');
  expect(asked).toEqual([]);
});
