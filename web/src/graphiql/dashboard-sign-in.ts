import { createSessionWatcher, SessionOverError, type SessionWatcher } from '@curfew/client';
import { signIn } from './sign-in-store.ts';

/** Null while this page does not use the dashboard's sign-in. */
let watcher: SessionWatcher | null = null;

const START_TIMEOUT_MS = 15_000;

/**
 * Uses the session of the dashboard in this browser. The client kit keeps it like a tab of the dashboard: it refreshes by
 * the cookie, one tab at a time, so that no tab rotates a token away from another. The token stays in memory.
 * Resolves to an error message, or to null on success.
 */
export async function shareDashboardSignIn(): Promise<string | null> {
  stop();
  const started = createSessionWatcher({
    url: '/graphql',
    onOtherUser: () => leave('Another person signed in in this browser.'),
  });
  watcher = started;
  started.start();
  const status = await settled(started);
  if (watcher !== started) return null;
  const { user, session } = started.getState();
  if (status !== 'active' || !user || !session) {
    stop();
    return status === 'starting'
      ? 'Curfew could not be reached. Try again.'
      : 'No one is signed in to the dashboard in this browser.';
  }
  signIn.share({
    email: user.email,
    sessionId: session.id,
    getAccessToken: tokenOf(started),
    reauthenticate: (password) => started.reauthenticate({ password }),
    stop,
  });
  started.subscribe(() => {
    const state = started.getState();
    if (watcher !== started || (state.status !== 'over' && state.status !== 'none')) return;
    const { ending } = state;
    if (ending?.kind === 'expired') leave(`The dashboard’s session has reached its ${ending.limit} limit.`);
    else
      leave(`The dashboard’s session has ended${ending?.kind === 'ended' ? `: ${ending.endReason}` : ''}.`);
  });
  return null;
}

function stop(): void {
  watcher?.stop();
  watcher = null;
}

function leave(note: string): void {
  stop();
  signIn.forget(note);
}

/** A token that is good now. Null: the session is over. */
const tokenOf =
  (started: SessionWatcher) =>
  async (refused?: string): Promise<string | null> => {
    try {
      return await started.getAccessToken(refused === undefined ? undefined : { refused });
    } catch (error) {
      if (error instanceof SessionOverError) return null;
      throw error;
    }
  };

/** Waits until the kit knows whether there is a session. */
function settled(started: SessionWatcher): Promise<string> {
  const { status } = started.getState();
  if (status !== 'starting') return Promise.resolve(status);
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      unsubscribe();
      resolve(started.getState().status);
    };
    const timer = setTimeout(finish, START_TIMEOUT_MS);
    const unsubscribe = started.subscribe(() => {
      if (started.getState().status !== 'starting') finish();
    });
  });
}
