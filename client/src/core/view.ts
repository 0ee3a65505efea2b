import { type Deadline, type ExpiryView, QUIET, standingWarning, stands, viewOf } from './expiry-state.ts';
import { type SessionState } from './session-state.ts';
import { hasSession, type WatcherState } from './state.ts';

/** How long the server may take to raise a warning itself while the socket is up. */
export const SERVER_FIRST_MS = 3_000;

/** The warning to show at `now`, in milliseconds on the server's clock. */
export function warningOf(state: WatcherState, now: number): Deadline | null {
  const { session, status, raised, connection } = state;
  if (!session || status !== 'active') return null;
  if (isHeld(state)) return stands(raised, session) ? raised : null;
  return standingWarning(session, raised, now, connection === 'live' ? SERVER_FIRST_MS : 0);
}

/** Builds the state for the application. Returns the object of `state` if nothing has changed. */
export function viewState(state: WatcherState, now: number): SessionState {
  const { status, session, user, connection, ending, dismissal, raised, extending } = state;
  const expiry = expiryView(state, now);
  const next: SessionState = {
    status,
    session,
    user,
    ...expiry,
    isDismissed:
      expiry.reason === 'ABSOLUTE' &&
      dismissal?.sessionId === session?.id &&
      expiry.expiresAt === dismissal?.deadline,
    // The failed answer was to a warning that is gone.
    extending: !raised && extending === 'failed' && status === 'active' ? 'no' : extending,
    reauthentication: reauthenticationView(state),
    connection,
    ending,
  };
  const keys = Object.keys(next) as (keyof SessionState)[];
  return keys.every((key) => Object.is(next[key], state.view[key])) ? state.view : Object.freeze(next);
}

function reauthenticationView({
  status,
  session,
  config,
  reauthentication,
}: WatcherState): SessionState['reauthentication'] {
  if (reauthentication) return 'pending';
  if (!session || !hasSession({ status })) return 'impossible';
  const isPossible =
    config.reauthenticatesAt === 'curfew'
      ? session.canReauthenticate
      : config.reauthenticatesAt === 'application';
  return isPossible ? 'possible' : 'impossible';
}

function expiryView(state: WatcherState, now: number): ExpiryView {
  const { raised, view } = state;
  if (!raised) return QUIET;
  // Held: no notice turns into its last minute while the server is being asked.
  if (!isHeld(state) || raised.expiresAt !== view.expiresAt) return viewOf(raised, now);
  const { warning, reason, expiresAt, canExtend } = view;
  return { warning, reason, expiresAt, canExtend };
}

/** After a sleep nothing changes by the passing of time alone until the server has been asked. */
const isHeld = ({ isHeld, heartbeat }: WatcherState): boolean => isHeld || heartbeat?.hasSlept === true;
