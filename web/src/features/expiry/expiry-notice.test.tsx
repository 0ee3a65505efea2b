/**
 * @jest-environment jsdom
 */
import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { MantineProvider } from '@mantine/core';
import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { jest } from '@jest/globals';
import type { SessionState, SessionWatcher } from '@curfew/client';
import { CurfewProvider } from '@curfew/client/react';
import { IdentityConfirmationContext } from '../../lib/identity-confirmation-context.ts';
import { createIdentityConfirmation } from '../../lib/identity-confirmation.ts';
import { clockTime } from '../../lib/moment.ts';
import { ExpiryChip } from './expiry-chip.tsx';
import { ExpiryNotice } from './expiry-notice.tsx';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 23, 14, 0);

// jsdom does not implement these.
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
const CAN_CONFIRM = { reauthentication: 'possible' } as const;
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

/** A watcher with a state that the test sets and a clock that stands still. */
function fakeWatcher() {
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
      canReauthenticate: false,
    },
    user: null,
    reauthentication: 'impossible',
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

  function change(part: Partial<SessionState>): void {
    act(() => {
      state = { ...state, ...part };
      for (const listener of listeners) listener();
    });
  }
  return { watcher, stay, signOut, change, setNow: (moment: number) => (now = moment) };
}

function show() {
  const fake = fakeWatcher();
  const confirmation = createIdentityConfirmation(fake.watcher);
  render(
    <I18nProvider i18n={i18n}>
      <MantineProvider env="test">
        <CurfewProvider watcher={fake.watcher}>
          <IdentityConfirmationContext value={confirmation}>
            <ExpiryNotice />
            <ExpiryChip />
            <main id="main" tabIndex={-1}>
              <input aria-label="Minutes" />
            </main>
          </IdentityConfirmationContext>
        </CurfewProvider>
      </MantineProvider>
    </I18nProvider>,
  );
  return { ...fake, confirmation, user: userEvent.setup() };
}

const time = (secondsLeft: number) => clockTime(new Date(START + secondsLeft * 1000));
const region = () => screen.getAllByRole('status')[0]!;
const button = (name: string) => within(region()).getByRole('button', { name });

test('the region of the notice exists before it, and is empty', () => {
  show();
  expect(region().textContent).toBe('');
  expect(screen.queryByRole('button')).toBe(null);
});

test('the idle notice names the time and the reason, and leaves the focus where it was', async () => {
  const { change, user } = show();
  await user.click(screen.getByLabelText('Minutes'));
  change(idle(299));
  expect(region().textContent).toContain(
    `You’ll be signed out at ${time(299)} because you’ve been inactive.`,
  );
  expect(document.activeElement).toBe(screen.getByLabelText('Minutes'));
});

test('the countdown is hidden from screen readers', () => {
  const { change } = show();
  change(idle(299));
  expect(screen.getByText('4:59').closest('[aria-hidden="true"]')).not.toBe(null);
});

test('Stay signed in hides the notice only after the server has confirmed', async () => {
  const { change, user, stay } = show();
  change(idle(299));
  await user.click(button('Stay signed in'));
  expect(stay).toHaveBeenCalledTimes(1);
  change({ extending: 'yes' });
  await user.click(button('One moment…'));
  expect(stay).toHaveBeenCalledTimes(1);
  change(QUIET);
  expect(region().textContent).toBe('');
});

test('when the server cannot be reached, the notice stays and names the time until which to try again', async () => {
  const { change, user, stay } = show();
  change({ ...idle(299), extending: 'failed' });
  expect(region().textContent).toContain(`Couldn’t reach Curfew. You can try again until ${time(299)}.`);
  await user.click(button('Stay signed in'));
  expect(stay).toHaveBeenCalledTimes(1);
});

test('the focus returns to its origin when the notice disappears', async () => {
  const { change, user } = show();
  await user.click(screen.getByLabelText('Minutes'));
  change(idle(299));
  await user.tab({ shift: true });
  expect(document.activeElement).toBe(button('Stay signed in'));
  change(QUIET);
  expect(document.activeElement).toBe(screen.getByLabelText('Minutes'));
});

test('after a dialog that was opened from the notice the focus returns to where it was before the notice', async () => {
  const { change, user } = show();
  await user.click(screen.getByLabelText('Minutes'));
  change({ ...absolute(299), ...CAN_CONFIRM });
  const dialog = document.createElement('dialog');
  dialog.append(document.createElement('button'));
  document.body.append(dialog);
  await user.tab({ shift: true });
  await user.tab({ shift: true });
  expect(document.activeElement).toBe(button('Confirm it’s you'));
  dialog.querySelector('button')!.focus();
  change(QUIET);
  dialog.remove();
  dialog.dispatchEvent(new Event('close'));
  expect(document.activeElement).toBe(screen.getByLabelText('Minutes'));
});

test('the focus moves to the page when it had no origin', async () => {
  const { change, user } = show();
  change(idle(299));
  await user.tab();
  expect(document.activeElement).toBe(button('Stay signed in'));
  change(QUIET);
  expect(document.activeElement).toBe(screen.getByRole('main'));
});

test('the absolute notice names the limit; dismissed, it leaves the time in the header', async () => {
  const { change, user } = show();
  change(absolute(299));
  expect(region().textContent).toContain(
    `Your session reaches its 12-hour limit at ${time(299)}. It can’t be extended.`,
  );
  expect(screen.queryByTitle(/Your session ends/)).toBe(null);
  await user.click(button('Dismiss this notice'));
  expect(region().textContent).toBe('');
  expect(screen.getByTitle(/Your session ends/).textContent).toContain(`Ends ${time(299)}`);
});

test('Sign in now signs out first and shows a failure', async () => {
  const { change, user, signOut } = show();
  change(absolute(299));
  signOut.mockRejectedValueOnce(new Error('unreachable'));
  await user.click(button('Sign in now'));
  await waitFor(() => expect(region().textContent).toContain('You’re still signed in. Try again.'));
  await user.click(button('Sign in now'));
  expect(signOut).toHaveBeenCalledTimes(2);
});

test('where the user cannot confirm who they are, the last minute of the absolute limit asks nothing', () => {
  const { change, confirmation } = show();
  change(absolute(59));
  expect(screen.queryByRole('alertdialog')).toBe(null);
  expect(confirmation.getRequest()).toBe(null);
});

test('the absolute notice offers to confirm where that moves the deadline, and says nothing of "can’t"', async () => {
  const { change, user, confirmation } = show();
  change({ ...absolute(299), ...CAN_CONFIRM });
  expect(region().textContent).toContain(`reaches its 12-hour limit at ${time(299)}. Confirm it’s you`);
  expect(region().textContent).not.toContain('can’t');
  expect(within(region()).queryByRole('button', { name: 'Sign in now' })).toBe(null);
  await user.click(button('Confirm it’s you'));
  expect(confirmation.getRequest()).toMatchObject({ reason: { kind: 'deadline' }, isUnasked: false });
});

test('once dismissed, the chip in the header still offers it', async () => {
  const { change, user, confirmation } = show();
  change({ ...absolute(299), ...CAN_CONFIRM });
  await user.click(button('Dismiss this notice'));
  await user.click(screen.getByRole('button', { name: /ends at .* Confirm it’s you/ }));
  expect(confirmation.getRequest()).toMatchObject({ reason: { kind: 'deadline' } });
});

test('in the last minute of the absolute limit it is asked for once, also after a dismissal', () => {
  const { change, confirmation } = show();
  change({ ...absolute(61), ...CAN_CONFIRM, isDismissed: true });
  expect(confirmation.getRequest()).toBe(null);
  change(absolute(60));
  expect(confirmation.getRequest()).toMatchObject({ isUnasked: true });
  act(() => confirmation.cancel());
  change({ ...absolute(60), extending: 'no' });
  expect(confirmation.getRequest()).toBe(null);
  change({ ...absolute(59) });
  expect(confirmation.getRequest()).toMatchObject({ isUnasked: true });
});

test('the last-minute dialog focuses Stay signed in, and Escape stays signed in', async () => {
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

test('signing out in the last minute takes one click, and a failure is shown', async () => {
  const { change, user, signOut } = show();
  change(idle(47));
  const dialog = within(screen.getByRole('alertdialog'));
  signOut.mockRejectedValueOnce(new Error('unreachable'));
  await user.click(dialog.getByRole('button', { name: 'Sign out now' }));
  await dialog.findByText('Couldn’t reach Curfew. You’re still signed in.');
});

test('the notice disappears when the session cannot be confirmed', () => {
  const { change } = show();
  change(idle(47));
  change({ status: 'unconfirmed' });
  expect(screen.queryByRole('alertdialog')).toBe(null);
  expect(region().textContent).toBe('');
});

test('screen readers hear the marks, and that the user is still signed in', async () => {
  const { change, setNow } = show();
  change(idle(299));
  await screen.findByText('You’ll be signed out in 5 minutes.');
  setNow(START + 59_000);
  change(idle(299));
  await screen.findByText('You’ll be signed out in 4 minutes.');
  change(QUIET);
  await screen.findByText('You’re still signed in.');
});

test('in the background the title counts down; in front it is the page’s own', async () => {
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
