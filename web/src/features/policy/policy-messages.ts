import type { PolicyImpactQuery } from '../../generated/operations.ts';
import { sessions } from '../../lib/count.ts';
import { inWords } from '../../lib/duration.ts';
import type { LimitBounds, Limits } from './limit-check.ts';

export type Impact = PolicyImpactQuery['sessionPolicyImpact'];

/** `signed out after 30 minutes without activity, and after 12 hours at most` */
export const limitsInWords = ({ idleMinutes, absoluteMinutes }: Limits): string =>
  idleMinutes >= absoluteMinutes
    ? `signed out ${inWords(absoluteMinutes)} after sign-in, with or without activity`
    : `signed out after ${inWords(idleMinutes)} without activity, and after ${inWords(absoluteMinutes)} at most`;

/** The impact of applying the limits to current sessions. */
export function impactNow(impact: Impact): string {
  const { activeSessions, endNow, endsViewerSession } = impact;
  if (endNow === 0) return withLaterEnds(`None of ${sessions(activeSessions)} ends now.`, impact);
  if (activeSessions === 1 && endsViewerSession) return 'Your own session, the only one, ends now.';
  const including = endsViewerSession ? ', including yours' : '';
  return withLaterEnds(`${endNow} of ${sessions(activeSessions)} ${ends(endNow)} now${including}.`, impact);
}

/** The text of the confirmation: the same numbers, and what they mean for people. */
export function endNowWarning(impact: Impact): string {
  const { activeSessions, endNow, endsViewerSession } = impact;
  if (activeSessions === 1 && endsViewerSession)
    return 'Your own session ends as soon as you save. You’ll have to sign in again.';
  const including = endsViewerSession ? ', including yours,' : '';
  const who = endNow === 1 ? 'That person has' : 'Those people have';
  return withLaterEnds(
    `${endNow} of ${sessions(activeSessions)}${including} ${ends(endNow)} as soon as you save. ${who} to sign in again.`,
    impact,
  );
}

/** Appends the sessions that live on: those with an earlier deadline, and those that end within the hour. */
function withLaterEnds(first: string, { activeSessions, endNow, shortened, endWithinHour }: Impact): string {
  const rest = activeSessions - endNow;
  const isAll = endNow > 0 && shortened === rest;
  const sooner = isAll
    ? `The other ${shortened === 1 ? 'session' : shortened} ${ends(shortened)} sooner.`
    : `${shortened} ${endNow > 0 ? 'of the others' : shortened === 1 ? 'session' : 'sessions'} ${ends(shortened)} sooner.`;
  const soon = `${endWithinHour} ${endNow > 0 ? 'of the others ' : ''}${ends(endWithinHour)} within an hour unless used.`;
  return [first, shortened > 0 && sooner, endWithinHour > 0 && soon].filter(Boolean).join(' ');
}

/** The impact of applying the limits from the next sign-in, compared with applying them now. */
export function impactFromNextSignIn({ activeSessions, endNow, endsViewerSession }: Impact): string {
  const keep =
    activeSessions === 1
      ? 'No one is signed out. The only current session keeps its limits.'
      : `No one is signed out. The ${activeSessions} current sessions keep their limits.`;
  if (endNow === 0) return keep;
  return `${keep} Applied now, ${endNow} of them would end${endsViewerSession ? ', including yours' : ''}.`;
}

export const endNowQuestion = ({ endNow }: Impact): string => `Save and end ${sessions(endNow)} now?`;

const ends = (count: number): string => (count === 1 ? 'ends' : 'end');

/** Why a preset cannot be chosen on this server. */
export function unavailableReason({ idleMinutes, absoluteMinutes }: Limits, bounds: LimitBounds): string {
  const reasons = [
    outside('idle', idleMinutes, bounds.idleMinutesMin, bounds.idleMinutesMax),
    outside('absolute', absoluteMinutes, bounds.absoluteMinutesMin, bounds.absoluteMinutesMax),
  ].filter((reason) => reason !== null);
  return `Not available: this server allows ${reasons.join(' and ')}.`;
}

function outside(limit: string, minutes: number, min: number, max: number): string | null {
  if (minutes > max) return `${limit} limits of at most ${inWords(max)}`;
  if (minutes < min) return `${limit} limits of at least ${inWords(min)}`;
  return null;
}
