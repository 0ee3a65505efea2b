/**
 * @jest-environment jsdom
 */
import { MantineProvider } from '@mantine/core';
import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { jest } from '@jest/globals';
import type { SessionState, SessionWatcher } from '@curfew/client';
import { CurfewProvider } from '@curfew/client/react';
import { clockTime } from '../../lib/moment.ts';
import { ExpiryChip } from './expiry-chip.tsx';
import { ExpiryNotice } from './expiry-notice.tsx';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 23, 14, 0);

// What jsdom lacks.
Object.assign(window, {
  matchMedia: () => ({ matches: false, addEventListener() {}, removeEventListener() {} }),
  ResizeObserver: class {
    observe() {}
    disconnect() {}
  },
});
HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true;
  this.querySelector('button')?.focus();
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
};

const QUIET = {
  warning: 'none',
  reason: null,
  expiresAt: null,
  canExtend: false,
  isDismissed: false,
  extending: 'no',
} as const;
const idle = (secondsLeft: number): Partial<SessionState> => ({
  ...QUIET,
  warning: secondsLeft <= 60 ? 'now' : 'soon',
  reason: 'IDLE',
  expiresAt: START + secondsLeft * 1000,
  canExtend: true,
});
const absolute = (secondsLeft: number): Partial<SessionState> => ({
  ...idle(secondsLeft),
  reason: 'ABSOLUTE',
  canExtend: false,
});

/** A watcher whose state the test sets, and whose clock stands still. */
function pretendWatcher() {
  const listeners = new Set<() => void>();
  let state: SessionState = {
    status: 'active',
    session: {
      id: 's',
      authenticatedAt: START,
      lastActivityAt: START,
      idleExpiresAt: START + 60 * MINUTE,
      absoluteExpiresAt: START + 720 * MINUTE,
      idleMinutes: 60,
      absoluteMinutes: 720,
      idleWarningSeconds: 300,
      absoluteWarningSeconds: 300,
    },
    user: null,
    connection: 'live',
    ending: null,
    ...QUIET,
  };
  let now = START;
  const stay = jest.fn(async () => {});
  const signOut = jest.fn(async () => {});
  const watcher = {
    getState: () => state,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    now: () => now,
    toLocal: (moment: number) => new Date(moment),
    stay,
    signOut,
    dismiss: () => change({ isDismissed: true }),
  } as unknown as SessionWatcher;

  function change(news: Partial<SessionState>): void {
    act(() => {
      state = { ...state, ...news };
      for (const listener of listeners) listener();
    });
  }
  return { watcher, stay, signOut, change, setNow: (moment: number) => (now = moment) };
}

function show() {
  const pretend = pretendWatcher();
  render(
    <MantineProvider env="test">
      <CurfewProvider watcher={pretend.watcher}>
        <ExpiryNotice />
        <ExpiryChip />
        <main id="main" tabIndex={-1}>
          <input aria-label="Minutes" />
        </main>
      </CurfewProvider>
    </MantineProvider>,
  );
  return { ...pretend, user: userEvent.setup() };
}

const time = (secondsLeft: number) => clockTime(new Date(START + secondsLeft * 1000));
const place = () => screen.getAllByRole('status')[0]!;
const button = (name: string) => within(place()).getByRole('button', { name });

test('the place of the notice is there before it, and empty', () => {
  show();
  expect(place().textContent).toBe('');
  expect(screen.queryByRole('button')).toBe(null);
});

test('the idle notice names the time and the reason, and leaves the focus where it was', async () => {
  const { change, user } = show();
  await user.click(screen.getByLabelText('Minutes'));
  change(idle(299));
  expect(place().textContent).toContain(`You’ll be signed out at ${time(299)} because you’ve been inactive.`);
  expect(document.activeElement).toBe(screen.getByLabelText('Minutes'));
});

test('the countdown is for the eye only', () => {
  const { change } = show();
  change(idle(299));
  expect(screen.getByText('4:59').closest('[aria-hidden="true"]')).not.toBe(null);
});

test('staying hides the notice only after the server has agreed', async () => {
  const { change, user, stay } = show();
  change(idle(299));
  await user.click(button('Stay signed in'));
  expect(stay).toHaveBeenCalledTimes(1);
  change({ extending: 'yes' });
  await user.click(button('One moment…'));
  expect(stay).toHaveBeenCalledTimes(1);
  change(QUIET);
  expect(place().textContent).toBe('');
});

test('a server that cannot be reached leaves the notice up, with the time until which to try', async () => {
  const { change, user, stay } = show();
  change({ ...idle(299), extending: 'failed' });
  expect(place().textContent).toContain(`Curfew could not be reached. You can try again until ${time(299)}.`);
  await user.click(button('Stay signed in'));
  expect(stay).toHaveBeenCalledTimes(1);
});

test('the focus goes back to where it came from when the notice goes', async () => {
  const { change, user } = show();
  await user.click(screen.getByLabelText('Minutes'));
  change(idle(299));
  await user.tab({ shift: true });
  expect(document.activeElement).toBe(button('Stay signed in'));
  change(QUIET);
  expect(document.activeElement).toBe(screen.getByLabelText('Minutes'));
});

test('the focus goes to the page when it came from nowhere', async () => {
  const { change, user } = show();
  change(idle(299));
  await user.tab();
  expect(document.activeElement).toBe(button('Stay signed in'));
  change(QUIET);
  expect(document.activeElement).toBe(screen.getByRole('main'));
});

test('the absolute notice names the limit; put away, it leaves the time in the header', async () => {
  const { change, user } = show();
  change(absolute(299));
  expect(place().textContent).toContain(
    `Your session reaches its 12-hour limit at ${time(299)}. It can’t be extended.`,
  );
  expect(screen.queryByTitle(/Your session ends/)).toBe(null);
  await user.click(button('Dismiss this notice'));
  expect(place().textContent).toBe('');
  expect(screen.getByTitle(/Your session ends/).textContent).toContain(`Ends ${time(299)}`);
});

test('signing in anew signs out first, and says so when that failed', async () => {
  const { change, user, signOut } = show();
  change(absolute(299));
  signOut.mockRejectedValueOnce(new Error('unreachable'));
  await user.click(button('Sign in now'));
  await waitFor(() => expect(place().textContent).toContain('You are still signed in; try again.'));
  await user.click(button('Sign in now'));
  expect(signOut).toHaveBeenCalledTimes(2);
});

test('the absolute limit has no dialog in its last minute', () => {
  const { change } = show();
  change(absolute(59));
  expect(screen.queryByRole('alertdialog')).toBe(null);
});

test('the last minute asks, with the focus on staying, and Escape stays', async () => {
  const { change, user, stay } = show();
  change(idle(61));
  expect(screen.queryByRole('alertdialog')).toBe(null);
  change(idle(47));
  const dialog = screen.getByRole('alertdialog', { name: 'Are you still there?' });
  expect(dialog.textContent).toContain('0:47');
  expect(document.activeElement).toBe(within(dialog).getByRole('button', { name: 'Stay signed in' }));
  await user.keyboard('{Escape}');
  expect(stay).toHaveBeenCalledTimes(1);
  expect(screen.getByRole('alertdialog')).toBe(dialog);
  change(QUIET);
  expect(screen.queryByRole('alertdialog')).toBe(null);
});

test('signing out in the last minute is one click, and a failure is told', async () => {
  const { change, user, signOut } = show();
  change(idle(47));
  const dialog = within(screen.getByRole('alertdialog'));
  signOut.mockRejectedValueOnce(new Error('unreachable'));
  await user.click(dialog.getByRole('button', { name: 'Sign out now' }));
  await dialog.findByText('Curfew could not be reached. You are still signed in.');
});

test('nothing is left of the notice when the session is over or cannot be confirmed', () => {
  const { change } = show();
  change(idle(47));
  change({ status: 'unconfirmed' });
  expect(screen.queryByRole('alertdialog')).toBe(null);
  expect(place().textContent).toBe('');
});

test('a screen reader hears of it at the marks, and that one is still signed in', async () => {
  const { change, setNow } = show();
  change(idle(299));
  await screen.findByText('5 minutes until you are signed out.');
  setNow(START + 59_000);
  change(idle(299));
  await screen.findByText('4 minutes until you are signed out.');
  change(QUIET);
  await screen.findByText('You are still signed in.');
});

test('out of sight the title counts down; in sight it is the page’s own', async () => {
  document.title = 'Account · Curfew';
  const visibility = jest.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  const { change } = show();
  change(idle(272));
  expect(document.title).toBe('(4:32) Session ends · Curfew');
  visibility.mockReturnValue('visible');
  act(() => void document.dispatchEvent(new Event('visibilitychange')));
  expect(document.title).toBe('Account · Curfew');
  visibility.mockRestore();
});
