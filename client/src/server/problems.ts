/**
 * - `KEY_REFUSED`: the service key is unknown, revoked or expired. Every request is refused until it is replaced.
 * - `REPORTS_LOST`: the socket is lost. Curfew is asked about each token until it is back.
 * - `KEYS_UNAVAILABLE`: Curfew's public keys could not be fetched; the cached ones stay in use.
 * - `UNANSWERED`: Curfew did not answer a check, and the request was refused.
 * - `OTHER_ORIGIN`: an access token of Curfew was refused because its issuer or audience is not the one that is expected.
 */
export interface CurfewProblem {
  kind: 'KEY_REFUSED' | 'REPORTS_LOST' | 'KEYS_UNAVAILABLE' | 'UNANSWERED' | 'OTHER_ORIGIN';
  message: string;
  cause?: unknown;
}

const INTERVAL_MS = 60_000;

/** Reports each kind of problem at most once a minute. */
export function createProblemReporter(
  listener: (problem: CurfewProblem) => void,
  now: () => number,
): (problem: CurfewProblem) => void {
  const reportedAt = new Map<CurfewProblem['kind'], number>();
  return (problem) => {
    const last = reportedAt.get(problem.kind);
    if (last !== undefined && Math.abs(now() - last) < INTERVAL_MS) return;
    reportedAt.set(problem.kind, now());
    listener(problem);
  };
}
