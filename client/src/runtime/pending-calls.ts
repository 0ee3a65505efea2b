import { type Failure } from '../core/effects.ts';
import { ReauthenticationError, SessionOverError, UnreachableError } from '../core/errors.ts';

/** Promises that the reducer settles, by their ids. */
export interface PendingCalls {
  /** `begin` gets the id. */
  create<T extends string | void = void>(begin: (call: number) => void): Promise<T>;
  resolve(call: number, value?: string): void;
  reject(call: number, failure: Failure): void;
}

export function createPendingCalls(): PendingCalls {
  const pending = new Map<
    number,
    { resolve(value: string | undefined): void; reject(error: unknown): void }
  >();
  let lastCall = 0;

  function take(call: number) {
    const settle = pending.get(call);
    pending.delete(call);
    return settle;
  }

  return {
    create: <T extends string | void>(begin: (call: number) => void) =>
      new Promise<T>((resolve, reject) => {
        lastCall += 1;
        pending.set(lastCall, { resolve: (value) => resolve(value as T), reject });
        begin(lastCall);
      }),
    resolve: (call, value) => take(call)?.resolve(value),
    reject: (call, failure) => take(call)?.reject(toError(failure)),
  };
}

function toError(failure: Failure): unknown {
  switch (failure.kind) {
    case 'over':
      return new SessionOverError(failure.ending);
    case 'unreachable':
      return new UnreachableError(failure.message);
    case 'not-authenticated':
      return new ReauthenticationError(failure.code, failure);
    case 'error':
      return failure.error;
    default:
      return failure satisfies never;
  }
}
