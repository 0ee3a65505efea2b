/** @jest-environment jsdom */
import { jest } from '@jest/globals';
import { act, fireEvent, render, renderHook, screen } from '@testing-library/react';
import { createElement, StrictMode, type ReactNode } from 'react';
import { CurfewProvider, useReauthentication, useSession, useSessionExpiry } from './react.ts';
import { INITIAL_STATE, type SessionState } from './core/session-state.ts';
import type { SessionWatcher } from './watcher.ts';

const NOON = Date.parse('2026-03-01T12:00:00.000Z');

/** A watcher whose state the test sets. Its server is an hour ahead of this computer. */
function createWatcher() {
  const listeners = new Set<() => void>();
  let state = INITIAL_STATE;
  const watcher = {
    getState: () => state,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    now: () => Date.now() + 3_600_000,
    toLocal: (serverMs: number) => new Date(serverMs - 3_600_000),
    stay: async () => {},
    dismiss: () => {},
    reauthenticate: async () => {},
  } as unknown as SessionWatcher;
  return {
    watcher,
    listeners,
    set(changes: Partial<SessionState>) {
      state = { ...state, ...changes };
      listeners.forEach((listener) => listener());
    },
  };
}

beforeEach(() => jest.useFakeTimers({ now: NOON }));
afterEach(() => jest.useRealTimers());

function within(watcher: SessionWatcher) {
  return {
    wrapper: ({ children }: { children: ReactNode }) => createElement(CurfewProvider, { watcher }, children),
  };
}

test('a component follows the session', () => {
  const { watcher, set, listeners } = createWatcher();
  const Status = () => createElement('p', null, useSession().status);
  const { unmount } = render(createElement(Status), within(watcher));
  expect(screen.getByText('starting')).toBeTruthy();
  act(() => set({ status: 'active' }));
  expect(screen.getByText('active')).toBeTruthy();
  unmount();
  expect(listeners.size).toBe(0);
});

test('the notice counts down once a second, and only while a warning is up', () => {
  const { watcher, set } = createWatcher();
  const { result } = renderHook(() => useSessionExpiry(), within(watcher));
  expect(result.current).toMatchObject({ warning: 'none', secondsRemaining: null, localExpiresAt: null });
  expect(jest.getTimerCount()).toBe(0);

  const expiresAt = watcher.now() + 120_000;
  act(() => set({ warning: 'soon', reason: 'IDLE', expiresAt, canExtend: true }));
  expect(result.current).toMatchObject({ secondsRemaining: 120, localExpiresAt: new Date(NOON + 120_000) });
  act(() => void jest.advanceTimersByTime(3_000));
  expect(result.current.secondsRemaining).toBe(117);

  act(() => set({ warning: 'none', reason: null, expiresAt: null, canExtend: false }));
  expect(result.current.secondsRemaining).toBeNull();
  expect(jest.getTimerCount()).toBe(0);
});

test('a form that asks for the password again follows whether it may', () => {
  const { watcher, set } = createWatcher();
  const { result } = renderHook(() => useReauthentication(), within(watcher));
  expect(result.current).toMatchObject({ state: 'impossible', isPossible: false, isPending: false });
  act(() => set({ reauthentication: 'possible' }));
  const possible = result.current;
  expect(possible).toMatchObject({ state: 'possible', isPossible: true, isPending: false });
  act(() => set({ connection: 'polling' }));
  expect(result.current).toBe(possible);
  act(() => set({ reauthentication: 'pending' }));
  expect(result.current).toMatchObject({ isPossible: true, isPending: true });
  expect(result.current.reauthenticate).toBe(watcher.reauthenticate);
});

test('without a provider the mistake is named', () => {
  const silent = jest.spyOn(console, 'error').mockImplementation(() => {});
  expect(() => renderHook(() => useSession())).toThrow('CurfewProvider');
  silent.mockRestore();
});

test('given options, the provider starts a watcher, calls the latest functions and stops it when it goes', async () => {
  jest.useRealTimers();
  const { document } = globalThis as any;
  const listened = jest.spyOn(document, 'addEventListener');
  const asked: string[] = [];
  const props = (render: string) => ({
    url: 'https://curfew.test/graphql',
    async getSessionAccessToken() {
      asked.push(render);
      return null;
    },
  });
  const Status = () => {
    const { status, watcher } = useSession();
    return createElement('button', { onClick: () => watcher.begin() }, status);
  };
  const tree = (render: string) =>
    createElement(StrictMode, null, createElement(CurfewProvider, props(render), createElement(Status)));
  const { rerender, unmount } = render(tree('first'));
  await screen.findByText('none');
  rerender(tree('second'));
  fireEvent.click(screen.getByText('none'));
  await screen.findByText('none');
  expect(new Set(asked)).toEqual(new Set(['first', 'second']));
  expect(asked.at(-1)).toBe('second');
  unmount();
  const listeners = (listened.mock.calls as [string, unknown, AbortController][])
    .filter(([type]) => type === 'visibilitychange')
    .map(([, , { signal }]) => signal.aborted);
  expect(new Set(listeners)).toEqual(new Set([true]));
});
