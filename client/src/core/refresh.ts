import { type RefreshWaiter } from './state.ts';
import { change, nextId, type RefreshResult, type Step } from './step.ts';

// One refresh at a time. Requests for a token that come during it share its result.

/** Refreshes the access token. The waiter gets a `refresh-settled`. */
export function requestRefresh(step: Step, waiter: RefreshWaiter, { userActive = false } = {}): void {
  const { refresh } = step.state;
  if (isOver(step)) step.followUps.push({ type: 'refresh-settled', waiter, result: { kind: 'superseded' } });
  else if (refresh) change(step, { refresh: { ...refresh, waiters: [...refresh.waiters, waiter] } });
  else {
    const id = nextId(step);
    change(step, { refresh: { id, userActive, waiters: [waiter] } });
    step.effects.push({ type: 'refresh', id, userActive });
  }
}

/** Settles the refresh in flight for all its waiters. */
export function settleRefresh(step: Step, result: RefreshResult): void {
  const { refresh } = step.state;
  if (!refresh) return;
  change(step, { refresh: null });
  refresh.waiters.forEach((waiter, index) => {
    const isShared = index > 0 && result.kind === 'done';
    step.followUps.push({
      type: 'refresh-settled',
      waiter,
      result: isShared ? { kind: 'done', isActivity: false } : result,
    });
  });
}

/**
 * Gives up the refresh in flight. Its request id is kept unless the session has ended or was replaced here: the server
 * may have answered already.
 */
export function dropRefresh(step: Step, { forgetsRequest }: { forgetsRequest: boolean }): void {
  step.effects.push({ type: 'drop-refresh', forgetsRequest });
  settleRefresh(step, { kind: 'superseded' });
}

/** Nothing can be refreshed. */
export const isOver = ({ state }: Step): boolean =>
  !state.isRunning || state.status === 'over' || state.status === 'none';
