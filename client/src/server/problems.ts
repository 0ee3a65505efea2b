/**
 * - `KEY_REFUSED`: the service key is unknown, revoked or past its day. Nobody is let in until it is replaced.
 * - `REPORTS_LOST`: the socket is gone. Curfew is asked about each token meanwhile.
 * - `KEYS_UNAVAILABLE`: Curfew's public keys could not be fetched; those at hand go on being used.
 * - `UNANSWERED`: a check came to nothing, and its request was turned away.
 */
export interface CurfewProblem {
  kind: 'KEY_REFUSED' | 'REPORTS_LOST' | 'KEYS_UNAVAILABLE' | 'UNANSWERED';
  message: string;
  cause?: unknown;
}

const ONE_EACH_MS = 60_000;

/** For a log: one problem of a kind a minute, however many requests it concerns. */
export function createProblems(
  listener: ((problem: CurfewProblem) => void) | undefined,
  now: () => number,
): (problem: CurfewProblem) => void {
  const told = new Map<CurfewProblem['kind'], number>();
  return (problem) => {
    const last = told.get(problem.kind);
    if (last !== undefined && Math.abs(now() - last) < ONE_EACH_MS) return;
    told.set(problem.kind, now());
    listener?.(problem);
  };
}
