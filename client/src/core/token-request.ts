import { ensureFind } from './find.ts';
import { goodToken } from './knowledge.ts';
import { isOver, requestRefresh } from './refresh.ts';
import { hasSession, isLooking, type TokenPurpose, type TokenRequest, type TokenResult } from './state.ts';
import { change, type RefreshResult, type Step } from './step.ts';

// The access token at hand, or a new one. A `token-settled` follows.

/** Two sign-ins in a row may each intervene; more is not a race. */
const MAX_ATTEMPTS = 3;

/** `refused`: a token that the server has just refused, so that only another one helps. */
export function requestToken(step: Step, purpose: TokenPurpose, refused?: string): void {
  tryToken(step, { purpose, refused, attempt: 1 });
}

function tryToken(step: Step, request: TokenRequest): void {
  const { state } = step;
  if (isLooking(state)) {
    const { find } = state;
    change(step, { find: { ...find, tokenRequests: [...find.tokenRequests, request] } });
    return ensureFind(step);
  }
  if (!state.isRunning || !hasSession(state)) return settle(step, request, over(step));
  if (request.attempt > MAX_ATTEMPTS)
    return settle(step, request, unreachable('The server refuses every access token.'));
  // A token that has just been refreshed is the best there is, however short its life.
  const token = request.attempt === 1 ? goodToken(step) : (state.token?.value ?? null);
  if (token !== null && token !== request.refused) return settle(step, request, { token });
  requestRefresh(step, { kind: 'token', request });
}

/** The search for the session is done, or has failed for now. */
export function tryTokenAfterFind(step: Step, request: TokenRequest): void {
  if (isLooking(step.state)) settle(step, request, unreachable('The server could not be reached.'));
  else tryToken(step, request);
}

export function tryTokenAfterRefresh(step: Step, request: TokenRequest, result: RefreshResult): void {
  if (result.kind !== 'done' && isOver(step)) settle(step, request, over(step));
  else if (result.kind === 'failed')
    settle(step, request, { failure: { kind: 'error', error: result.error } });
  else tryToken(step, { ...request, attempt: request.attempt + 1 });
}

function settle(step: Step, { purpose }: TokenRequest, result: TokenResult): void {
  step.followUps.push({ type: 'token-settled', purpose, result });
}

const over = ({ state }: Step): TokenResult => ({ failure: { kind: 'over', ending: state.ending } });

const unreachable = (message: string): TokenResult => ({ failure: { kind: 'unreachable', message } });
