import { setTimeout as pause } from 'node:timers/promises';
import type { User } from '../accounts/user.entity.ts';
import type { ClientInfo } from '../rules/caller.ts';
import { AppError, type Evidence } from '../errors.ts';
import type { ComparePassword, PasswordHasher } from './password-hashing.ts';
import type { Attempt, Throttle } from './throttle.ts';

/** Answers come at multiples of this where their time must not reveal what was looked up and written. */
const STEP_MS = 100;

/** Waits until a whole number of steps has passed since `started`, of `performance.now()`. */
export async function waitForStep(started: number): Promise<void> {
  const elapsed = performance.now() - started;
  await pause(STEP_MS - (elapsed % STEP_MS));
}

export interface PasswordVerification {
  /**
   * Checks a password, within the throttle and in a slot of the queue: what is counted in the slot cannot be overrun
   * by a burst of requests. `evidence` is for the security log and may be filled during the check.
   * @throws INVALID_CREDENTIALS when the check returns null, RATE_LIMITED
   */
  verifyPassword(
    attempt: Attempt,
    check: (compare: ComparePassword) => Promise<User | null>,
    evidence: Evidence,
  ): Promise<User>;
  /** Checks another credential within the throttle. @throws as `verifyPassword` */
  verifyCredential<T>(attempt: Attempt, check: () => Promise<T | null>, evidence: Evidence): Promise<T>;
}

export function createPasswordVerification({
  passwords,
  throttle,
}: {
  passwords: PasswordHasher;
  throttle: Throttle;
}): PasswordVerification {
  /** Runs the check unless there were too many failures, and counts its outcome. Null: it failed. */
  async function withinThrottle<T>(attempt: Attempt, check: () => Promise<T | null>): Promise<T | null> {
    await throttle.requireAllowed(attempt);
    const passed = await check();
    await (passed === null ? throttle.recordFailure(attempt) : throttle.recordSuccess(attempt));
    return passed;
  }

  /**
   * Makes all failures look alike in text and time, including those of the throttle, which may have read the user's
   * sessions. Runs around a queue slot, not inside it, so a refused caller does not delay others while it waits.
   */
  async function orRefuse<T>(verification: () => Promise<T | null>, evidence: Evidence): Promise<T> {
    const started = performance.now();
    const passed = await verification().catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'RATE_LIMITED') return error;
      throw error;
    });
    if (passed !== null && !(passed instanceof AppError)) return passed;
    await waitForStep(started);
    throw passed ?? invalidCredentials(evidence);
  }

  return {
    verifyPassword: (attempt, check, evidence) =>
      orRefuse(
        () => passwords.inSlot(attempt.address, (compare) => withinThrottle(attempt, () => check(compare))),
        evidence,
      ),
    verifyCredential: (attempt, check, evidence) => orRefuse(() => withinThrottle(attempt, check), evidence),
  };
}

export const invalidCredentials = (evidence: Evidence = {}): AppError =>
  new AppError('INVALID_CREDENTIALS', 'These credentials are not valid.', {}, undefined, evidence);

export const attemptOf = (email: string | null, { ipAddress, deviceToken }: ClientInfo): Attempt => ({
  email,
  address: ipAddress,
  deviceToken,
});
