import { activitySettled } from './activity.ts';
import { changeSocket, follow } from './connection.ts';
import { extensionRefreshed, extensionToken, stayed } from './extension.ts';
import { endFind } from './find.ts';
import { reauthenticationToken } from './reauthentication.ts';
import { type RefreshWaiter, type TokenPurpose, type TokenResult } from './state.ts';
import { checkFound, checkRefreshed } from './status-check.ts';
import { change, type FollowUp, reject, type RefreshResult, resolve, type Step } from './step.ts';
import { followSignIn } from './tab-sync.ts';
import { tryTokenAfterFind, tryTokenAfterRefresh } from './token-request.ts';

/** Continues the waiters of an operation that is done. */
export function followUp(step: Step, next: FollowUp): void {
  switch (next.type) {
    case 'refresh-settled':
      return refreshSettled(step, next.waiter, next.result);
    case 'find-settled':
      return findSettled(step);
    case 'token-settled':
      return tokenSettled(step, next.purpose, next.result);
    case 'extension-settled':
      return next.purpose === 'stay' ? stayed(step, next.isReceived) : activitySettled(step, next.isReceived);
    default:
      return next satisfies never;
  }
}

function refreshSettled(step: Step, waiter: RefreshWaiter, result: RefreshResult): void {
  switch (waiter.kind) {
    case 'find':
      return endFind(step, waiter.id);
    case 'check':
      return checkRefreshed(step, waiter.id, result);
    case 'token':
      return tryTokenAfterRefresh(step, waiter.request, result);
    case 'extension':
      return extensionRefreshed(step, waiter, result);
    default:
      return waiter satisfies never;
  }
}

function findSettled(step: Step): void {
  const { find } = step.state;
  change(step, { find: { ...find, tokenRequests: [], signIns: [] } });
  for (const request of find.tokenRequests) tryTokenAfterFind(step, request);
  for (const announced of find.signIns) followSignIn(step, announced);
  checkFound(step);
}

function tokenSettled(step: Step, purpose: TokenPurpose, result: TokenResult): void {
  switch (purpose.kind) {
    case 'call':
      return answer(step, purpose.call, result);
    case 'socket':
      if ('token' in result) changeSocket(step, { token: result.token });
      return answer(step, purpose.call, result);
    case 'reopen':
      // A failure needs nothing: the session is over, which is known by now, or the next poll asks again.
      return 'token' in result && step.state.socket.isFollowing && !purpose.isRecent
        ? follow(step)
        : undefined;
    case 'touch':
      return extensionToken(step, purpose, result);
    case 'reauthentication':
      return reauthenticationToken(step, purpose.id, result);
    default:
      return purpose satisfies never;
  }
}

function answer(step: Step, call: number, result: TokenResult): void {
  if ('token' in result) resolve(step, call, result.token);
  else reject(step, call, result.failure);
}
