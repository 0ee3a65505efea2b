import { t } from '@lingui/core/macro';
import { ReauthenticationError, SessionOverError } from '@curfew/client';
import type { ConfirmationReason } from '../../lib/identity-confirmation.ts';
import type { Tone } from '../../components/notice.tsx';
import { confirmedInWords } from '../../lib/confirmed-in-words.ts';
import type { ProviderOutcome, ReturnedOutcome } from '../../lib/provider-confirmation.ts';
import { inWords } from '../../lib/duration.ts';
import { problemMessage, tooManyAttempts } from '../../lib/problem.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Why the user is asked. `deadline`: the limit of the session in words and the time at which it is reached. */
export function reasonInWords(
  reason: ConfirmationReason,
  now: number,
  deadline: { limit: string; clock: string } | null,
): string {
  switch (reason.kind) {
    case 'deadline': {
      if (!deadline) return t`Confirm to stay signed in. This page stays as it is.`;
      const { limit, clock } = deadline;
      return t`Your session reaches its ${limit} limit at ${clock}. Confirm to stay signed in. This page stays as it is.`;
    }
    case 'change': {
      const time = inWords(roundedMinutes(now - reason.since));
      return t`You’re about to change security settings. It’s been ${time} since you signed in.`;
    }
    case 'export': {
      const time = inWords(roundedMinutes(now - reason.since));
      return t`You’re about to export records of this account. It’s been ${time} since you signed in.`;
    }
  }
}

/** Whole minutes up to an hour, whole hours up to a day, then whole days. */
export function roundedMinutes(milliseconds: number): number {
  const unit = milliseconds < HOUR ? MINUTE : milliseconds < DAY ? HOUR : DAY;
  return Math.max(1, (Math.floor(milliseconds / unit) * unit) / MINUTE);
}

/** Said when the user closes the dialog. Null: they know. */
export function notConfirmedInWords({ kind }: Pick<ConfirmationReason, 'kind'>): string | null {
  switch (kind) {
    case 'deadline':
      return null;
    case 'change':
      return t`Nothing was changed.`;
    case 'export':
      return t`Nothing was exported.`;
  }
}

/** Why the password was not accepted. `field`: the message belongs to the field. Null: the end of the session follows. */
export function passwordFailure(error: unknown): { text: string; isOfField: boolean } | null {
  if (error instanceof SessionOverError) return null;
  if (!(error instanceof ReauthenticationError))
    return { text: problemMessage({ kind: 'unreachable' }), isOfField: false };
  switch (error.code) {
    case 'INVALID_CREDENTIALS':
      return { text: t`Wrong password. Try again.`, isOfField: true };
    case 'RATE_LIMITED':
      return { text: tooManyAttempts(error.retryAfterSeconds ?? NaN), isOfField: false };
    default:
      return { text: t`You couldn’t be confirmed. Try again.`, isOfField: false };
  }
}

/** Why the provider did not confirm the user, and what to do. */
export function refusalInWords(
  outcome: Exclude<ProviderOutcome, { kind: 'confirmed' }>,
  provider: string,
): string {
  if (outcome.kind === 'rate-limited') return tooManyAttempts(outcome.retryAfterSeconds ?? NaN);
  switch (outcome.why) {
    case 'cancelled':
      return t`You cancelled at ${provider}.`;
    case 'another-person':
      return t`${provider} says that you’re someone else. Sign in there with the account that you use for Curfew.`;
    case 'not-asked':
      return t`${provider} did not ask you to sign in again. Sign out there and try again.`;
    case 'provider-error':
      return t`${provider} returned an error. Try again.`;
    case 'unavailable':
      return t`${provider} or Curfew is not available at the moment. Try again.`;
    case 'response-invalid':
      return t`The response of ${provider} did not pass Curfew’s checks. Try again.`;
    case 'session-over':
      return problemMessage({ kind: 'session-over' });
    case 'no-response':
      return problemMessage({ kind: 'unreachable' });
    case 'flow-invalid':
      return t`This confirmation can’t be completed. It was started too long ago, or it has already been completed. Try again.`;
  }
}

/** For a user who is back from the provider in the tab they left. `endsAt`: when the session ends at most. */
export function returnedInWords(
  { provider, reason, outcome }: ReturnedOutcome,
  endsAt: Date | null,
  now: Date,
): { text: string; tone: Tone } {
  if (outcome.kind !== 'confirmed') {
    const why = refusalInWords(outcome, provider);
    const rest = notConfirmedInWords({ kind: reason });
    return { text: rest === null ? why : `${why} ${rest}`, tone: 'amber' };
  }
  switch (reason) {
    case 'deadline':
      return { text: confirmedInWords(endsAt, now), tone: 'emerald' };
    case 'change':
      return {
        text: t`Confirmed. Nothing was changed yet: start it again, and it goes through.`,
        tone: 'emerald',
      };
    case 'export':
      return {
        text: t`Confirmed. Nothing was exported yet: start it again, and it goes through.`,
        tone: 'emerald',
      };
  }
}
