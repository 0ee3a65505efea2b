import { CombinedGraphQLErrors } from '@apollo/client';
import { SessionOverError } from '@curfew/client';

/** What went wrong, as far as a page has to know. `message` is the server's own sentence where it may be shown. */
export type Problem =
  /** The session is over; the page is about to give way to the sign-in. */
  | { kind: 'session-over' }
  /** No answer, or a server that cannot serve right now: trying again helps. */
  | { kind: 'unreachable' }
  | { kind: 'refused'; code: string; message: string; extensions: Record<string, unknown> };

export function problemOf(error: unknown): Problem {
  if (error instanceof SessionOverError) return { kind: 'session-over' };
  if (CombinedGraphQLErrors.is(error)) {
    const first = error.errors[0];
    const extensions: Record<string, unknown> = { ...first?.extensions };
    const code = typeof extensions.code === 'string' ? extensions.code : 'INTERNAL_SERVER_ERROR';
    if (code === 'UNAUTHENTICATED') return { kind: 'session-over' };
    if (code === 'UNAVAILABLE') return { kind: 'unreachable' };
    return { kind: 'refused', code, message: first?.message ?? '', extensions };
  }
  return { kind: 'unreachable' };
}

/** One sentence for a failure that no field of the form is to blame for. */
export function sentenceFor(problem: Problem): string {
  switch (problem.kind) {
    case 'session-over':
      return 'Your session has ended.';
    case 'unreachable':
      return 'Curfew could not be reached. Nothing was changed as far as this page knows; try again.';
    case 'refused':
      if (problem.code === 'RATE_LIMITED')
        return `Too many attempts. Try again ${inSeconds(Number(problem.extensions.retryAfterSeconds))}.`;
      if (problem.code === 'INTERNAL_SERVER_ERROR') return 'Something failed on the server. Try again.';
      return problem.message;
  }
}

function inSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'later';
  if (seconds < 60) return `in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
  const minutes = Math.ceil(seconds / 60);
  return `in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
}
