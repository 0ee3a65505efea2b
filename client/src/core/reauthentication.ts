import { type Failure } from './effects.ts';
import { RefusedError, UnreachableError } from './errors.ts';
import { type ServerEvent } from './events.ts';
import { takeTokens } from './lifecycle.ts';
import { measureClock } from './server-clock.ts';
import { endByRefusal } from './session-over.ts';
import { hasSession, type TokenResult } from './state.ts';
import { change, nextId, reject, resolve, serverNow, type Step } from './step.ts';
import { requestToken } from './token-request.ts';

// The user authenticates again, in the session that there is. The answer starts both deadlines again.

/** Of a call during another one only the outcome is shared: its credentials are not looked at. */
export function requestReauthentication(step: Step, call: number): void {
  const { reauthentication, config } = step.state;
  if (reauthentication) {
    const calls = [...reauthentication.calls, call];
    return change(step, { reauthentication: { ...reauthentication, calls } });
  }
  if (config.reauthenticatesAt === 'nowhere') return reject(step, call, IMPOSSIBLE);
  const id = nextId(step);
  change(step, { reauthentication: { id, calls: [call], sessionId: null, canRetry: true } });
  const { token } = step.state;
  // Also one that lasts only seconds: after a lost answer a refresh could not be told from a thief's.
  if (token && hasSession(step.state) && token.expiresAt > serverNow(step)) send(step, token.value);
  else requestToken(step, { kind: 'reauthentication', id });
}

export function reauthenticationToken(step: Step, id: number, result: TokenResult): void {
  if (step.state.reauthentication?.id !== id) return;
  if ('failure' in result) settle(step, failureOf(result.failure));
  else send(step, result.token);
}

export function reauthenticated(
  step: Step,
  { id, tokens, ...trip }: ServerEvent & { type: 'reauthenticated' },
): void {
  if (step.state.reauthentication?.id !== id) return;
  const serverMs = Date.parse(tokens.serverTime);
  change(step, { clock: measureClock(step.state.clock, { ...trip, serverMs }) });
  takeTokens(step, tokens, 'reauthentication');
  change(step, { answeredAt: step.at });
  const { isRunning, session } = step.state;
  const isWatched = isRunning && hasSession(step.state) && session?.id === tokens.session.id;
  settle(step, isWatched ? null : over(step));
}

export function reauthenticationFailed(
  step: Step,
  { id, error }: ServerEvent & { type: 'reauthentication-failed' },
): void {
  const { reauthentication } = step.state;
  if (reauthentication?.id !== id) return;
  if (error instanceof UnreachableError) change(step, { isAuthenticationUnanswered: true });
  if (!(error instanceof RefusedError)) return settle(step, { kind: 'error', error });
  if (isAboutToken(error) && reauthentication.canRetry) return retry(step);
  endByRefusal(step, error);
  settle(step, hasSession(step.state) ? failureOf({ kind: 'error', error }) : over(step));
}

/** Settles what an end, another sign-in or a stop has left without a session. Called after every event. */
export function reviewReauthentication(step: Step): void {
  const { reauthentication, isRunning, session } = step.state;
  if (!reauthentication) return;
  const { sessionId } = reauthentication;
  const isForAnother = sessionId !== null && (!hasSession(step.state) || session?.id !== sessionId);
  if (isRunning && !isForAnother) return;
  step.effects.push({ type: 'drop-reauthentication' });
  settle(step, over(step));
}

function send(step: Step, token: string): void {
  const { reauthentication, session } = step.state;
  const [call] = reauthentication?.calls ?? [];
  if (!reauthentication || call === undefined) return;
  change(step, { reauthentication: { ...reauthentication, sessionId: session?.id ?? null } });
  step.effects.push({ type: 'reauthenticate', id: reauthentication.id, call, token });
}

/** The access token was refused for its age, or the cookie is another session's by now. A refresh finds out. */
function retry(step: Step): void {
  const { reauthentication, token } = step.state;
  if (!reauthentication) return;
  const { id } = reauthentication;
  change(step, { reauthentication: { ...reauthentication, canRetry: false } });
  requestToken(step, { kind: 'reauthentication', id }, token?.value);
}

const isAboutToken = ({ code, endReason }: RefusedError): boolean =>
  endReason === null && (code === 'UNAUTHENTICATED' || code === 'INVALID_REFRESH_TOKEN');

function settle(step: Step, failure: Failure | null): void {
  const { reauthentication } = step.state;
  if (!reauthentication) return;
  change(step, { reauthentication: null });
  for (const call of reauthentication.calls) {
    if (failure) reject(step, call, failure);
    else resolve(step, call);
  }
}

/** A refusal that ended nothing is one of the credentials. */
function failureOf(failure: Failure): Failure {
  if (failure.kind !== 'error' || !(failure.error instanceof RefusedError)) return failure;
  const { code, message, retryAfterSeconds } = failure.error;
  return { kind: 'not-authenticated', code, message, retryAfterSeconds };
}

const over = ({ state }: Step): Failure => ({
  kind: 'over',
  ending: hasSession(state) ? null : state.ending,
});

const IMPOSSIBLE: Failure = {
  kind: 'not-authenticated',
  code: 'IMPOSSIBLE',
  message: 'The watcher has no onReauthenticate.',
  retryAfterSeconds: null,
};
