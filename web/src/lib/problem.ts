import { CombinedGraphQLErrors } from '@apollo/client';
import { i18n } from '@lingui/core';
import { plural, t } from '@lingui/core/macro';
import { SessionOverError } from '@curfew/client';
import { CookiesNeededError, cookiesNeeded } from './cookies.ts';
import { NotConfirmedError } from './identity-confirmation.ts';

/** An error as pages handle it. `message` is the server's own and may be shown. */
export type Problem =
  /** The session has ended; the redirect to the sign-in page follows. */
  | { kind: 'session-over' }
  /** The user was asked to confirm that it is them, and did not. The page has said that nothing was done. */
  | { kind: 'not-confirmed' }
  /** The browser did not keep the cookie of the sign-in, so the session was ended. */
  | { kind: 'cookies-needed' }
  /** No response, or the server is unavailable: the user can try again. */
  | { kind: 'unreachable' }
  | { kind: 'refused'; code: string; message: string; extensions: Record<string, unknown> };

export function problemOf(error: unknown): Problem {
  if (error instanceof SessionOverError) return { kind: 'session-over' };
  if (error instanceof NotConfirmedError) return { kind: 'not-confirmed' };
  if (error instanceof CookiesNeededError) return { kind: 'cookies-needed' };
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

/** The message for an error that belongs to no form field. Empty: there is nothing more to say. */
export function problemMessage(problem: Problem): string {
  switch (problem.kind) {
    case 'session-over':
      return t`Your session has ended.`;
    case 'not-confirmed':
      return '';
    case 'cookies-needed':
      return cookiesNeeded();
    case 'unreachable':
      return t`Couldn’t reach Curfew. Check your connection and try again.`;
    case 'refused':
      if (problem.code === 'RATE_LIMITED')
        return tooManyAttempts(Number(problem.extensions.retryAfterSeconds));
      if (problem.code === 'REAUTHENTICATION_REQUIRED')
        return t`Nothing was changed. Confirm first that it’s you.`;
      if (problem.code === 'INTERNAL_SERVER_ERROR') return t`Something went wrong on the server. Try again.`;
      return i18n.locale === 'en' ? problem.message : translatedRefusal(problem);
  }
}

/** A part of the page did not load. A browser does not load it again before the page itself is. */
export const partNotLoaded = (): string => t`Couldn’t reach Curfew. Reload the page and try again.`;

/** The server's own words are English. */
function translatedRefusal({ code, message }: { code: string; message: string }): string {
  switch (code) {
    case 'FORBIDDEN':
      return t`Your role does not allow this.`;
    case 'NOT_FOUND':
      return t`This no longer exists. Reload the page.`;
    case 'CONFLICT':
      return t`Someone changed this in the meantime. Reload the page and try again.`;
    case 'BAD_USER_INPUT':
      return t`The server did not accept this. Check what you entered and try again.`;
    default:
      return message;
  }
}

/** @param seconds NaN: it is not known when the next attempt is possible */
export function tooManyAttempts(seconds: number): string {
  if (!Number.isFinite(seconds)) return t`Too many attempts. Try again later.`;
  if (seconds < 60)
    return plural(seconds, {
      one: 'Too many attempts. Try again in # second.',
      other: 'Too many attempts. Try again in # seconds.',
    });
  return plural(Math.ceil(seconds / 60), {
    one: 'Too many attempts. Try again in # minute.',
    other: 'Too many attempts. Try again in # minutes.',
  });
}
