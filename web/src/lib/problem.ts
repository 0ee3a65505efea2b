import { CombinedGraphQLErrors } from '@apollo/client';
import { SessionOverError } from '@curfew/client';

/** An error as pages handle it. `message` is the server's own and may be shown. */
export type Problem =
  /** The session has ended; the redirect to the sign-in page follows. */
  | { kind: 'session-over' }
  /** No response, or the server is unavailable: the user can try again. */
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

/** The message for an error that belongs to no form field. */
export function problemMessage(problem: Problem): string {
  switch (problem.kind) {
    case 'session-over':
      return 'Your session has ended.';
    case 'unreachable':
      return 'Couldn’t reach Curfew. Check your connection and try again.';
    case 'refused':
      if (problem.code === 'RATE_LIMITED')
        return `Too many attempts. Try again ${inSeconds(Number(problem.extensions.retryAfterSeconds))}.`;
      if (problem.code === 'INTERNAL_SERVER_ERROR') return 'Something went wrong on the server. Try again.';
      return problem.message;
  }
}

function inSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'later';
  if (seconds < 60) return `in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
  const minutes = Math.ceil(seconds / 60);
  return `in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
}
