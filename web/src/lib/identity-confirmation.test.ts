import type { SessionState } from '@curfew/client';
import { SessionOverError } from '@curfew/client';
import { createIdentityConfirmation, NotConfirmedError } from './identity-confirmation.ts';

const CHANGE = { kind: 'change', since: 1_000 } as const;
const DEADLINE = { kind: 'deadline' } as const;

function setUp() {
  const listeners = new Set<() => void>();
  let state = {
    status: 'active',
    ending: null,
    session: { absoluteExpiresAt: 5_000, authenticatedAt: 1_000 },
  } as SessionState;
  const watcher = {
    getState: () => state,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const change = (part: object) => {
    state = { ...state, ...part };
    listeners.forEach((listener) => listener());
  };
  return { confirmation: createIdentityConfirmation(watcher), change };
}

/** The outcome so far. */
async function outcomeOf(promise: Promise<void>): Promise<string> {
  const waiting = Promise.resolve('waiting');
  return Promise.race([
    promise.then(
      () => 'confirmed',
      (error: Error) => error.name,
    ),
    // Two turns later.
    waiting.then(() => waiting).then(() => waiting),
  ]);
}

test('several requests share one dialog and its answer', async () => {
  const { confirmation } = setUp();
  const all = [
    confirmation.ask(CHANGE),
    confirmation.ask({ kind: 'export', since: 1_000 }),
    confirmation.ask(CHANGE),
  ];
  expect(confirmation.getRequest()).toMatchObject({ reason: CHANGE });
  confirmation.confirm();
  await Promise.all(all);
  expect(confirmation.getRequest()).toBe(null);
});

test('a cancelled dialog refuses all, and the next request opens another', async () => {
  const { confirmation } = setUp();
  const all = [confirmation.ask(CHANGE), confirmation.ask(DEADLINE)];
  confirmation.cancel();
  for (const each of all) await expect(each).rejects.toBeInstanceOf(NotConfirmedError);
  void confirmation.ask(CHANGE);
  expect(confirmation.getRequest()).not.toBe(null);
});

test('what the user is about to do is the better reason than a deadline', () => {
  const { confirmation } = setUp();
  void confirmation.ask(DEADLINE, { isUnasked: true });
  void confirmation.ask(CHANGE);
  expect(confirmation.getRequest()).toMatchObject({ reason: CHANGE, isUnasked: true });
  void confirmation.ask(DEADLINE);
  expect(confirmation.getRequest()).toMatchObject({ reason: CHANGE });
});

test('a deadline that has moved needs no answer any more; a sensitive action does', async () => {
  const one = setUp();
  const deadline = one.confirmation.ask(DEADLINE);
  one.change({ session: { absoluteExpiresAt: 4_000, authenticatedAt: 1_000 } });
  expect(await outcomeOf(deadline)).toBe('waiting');
  one.change({ session: { absoluteExpiresAt: 9_000, authenticatedAt: 4_000 } });
  expect(await outcomeOf(deadline)).toBe('confirmed');

  const other = setUp();
  const sensitive = other.confirmation.ask(CHANGE);
  // Confirmed in another tab: what is asked for here waits for its own answer.
  other.change({ session: { absoluteExpiresAt: 9_000, authenticatedAt: 4_000 } });
  expect(await outcomeOf(sensitive)).toBe('waiting');
});

test('a refusal from before the last confirmation asks nothing', async () => {
  const { confirmation, change } = setUp();
  change({ session: { absoluteExpiresAt: 9_000, authenticatedAt: 4_000 } });
  await confirmation.ask(CHANGE);
  expect(confirmation.getRequest()).toBe(null);
});

test.each(['over', 'none'])('a session that is %s closes the dialog', async (status) => {
  const { confirmation, change } = setUp();
  const asked = confirmation.ask(CHANGE);
  change({ status, ending: { kind: 'expired', limit: 'absolute' } });
  await expect(asked).rejects.toBeInstanceOf(SessionOverError);
  expect(confirmation.getRequest()).toBe(null);
  expect(confirmation.wasInterrupted()).toBe(false);
});

test('only a session that ends while something is typed interrupts', () => {
  const { confirmation, change } = setUp();
  const end = () => {
    change({ status: 'over' });
    const was = confirmation.wasInterrupted();
    change({ status: 'active' });
    return was;
  };
  const ask = () => void confirmation.ask(CHANGE).catch(() => {});
  ask();
  confirmation.noteTyping(true);
  expect(end()).toBe(true);
  ask();
  expect(end()).toBe(false);
  ask();
  confirmation.noteTyping(true);
  confirmation.noteTyping(false);
  expect(end()).toBe(false);
  ask();
  confirmation.noteTyping(true);
  confirmation.cancel();
  expect(end()).toBe(false);
});
