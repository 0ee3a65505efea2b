import { type Effect, type Failure } from './effects.ts';
import { type TimerName } from './events.ts';
import { toServerTime } from './server-clock.ts';
import {
  type ExtensionPurpose,
  type RefreshWaiter,
  type TokenPurpose,
  type TokenResult,
  type WatcherState,
} from './state.ts';

export type RefreshResult =
  /** `isActivity`: the refresh itself moved the idle deadline. */
  | { kind: 'done'; isActivity: boolean }
  /** Another session has taken the place of the one that was to be refreshed. */
  | { kind: 'superseded' }
  | { kind: 'failed'; error: unknown };

/** Continues the event, once the handler that caused it is done. */
export type FollowUp =
  | { type: 'refresh-settled'; waiter: RefreshWaiter; result: RefreshResult }
  | { type: 'find-settled' }
  | { type: 'token-settled'; purpose: TokenPurpose; result: TokenResult }
  | { type: 'extension-settled'; purpose: ExtensionPurpose; isReceived: boolean };

/** One event in progress: the state so far, and its effects. Lives within one call of the reducer. */
export interface Step {
  state: WatcherState;
  readonly at: number;
  readonly isVisible: boolean;
  readonly effects: Effect[];
  readonly followUps: FollowUp[];
}

export function change(step: Step, changes: Partial<WatcherState>): void {
  step.state = { ...step.state, ...changes };
}

export function nextId(step: Step): number {
  const id = step.state.lastId + 1;
  change(step, { lastId: id });
  return id;
}

/** Milliseconds on the server's clock. */
export const serverNow = ({ state, at }: Step): number => toServerTime(state.clock, at);

export function setTimer(step: Step, timer: TimerName, minMs: number, maxMs = minMs): void {
  step.effects.push({ type: 'set-timer', timer, minMs, maxMs });
}

export function clearTimer(step: Step, timer: TimerName): void {
  step.effects.push({ type: 'clear-timer', timer });
}

export const resolve = (step: Step, call: number, value?: string): void =>
  void step.effects.push({ type: 'resolve', call, value });

export const reject = (step: Step, call: number, failure: Failure): void =>
  void step.effects.push({ type: 'reject', call, failure });
