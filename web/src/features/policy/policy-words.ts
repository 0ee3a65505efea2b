import type { PolicyImpactQuery, SessionPolicyPreset } from '../../generated/operations.ts';
import { inWords } from '../../lib/duration.ts';
import type { LimitBounds, Limits } from './limit-check.ts';

export type Impact = PolicyImpactQuery['sessionPolicyImpact'];

export const PRESET_NAMES: Record<SessionPolicyPreset, string> = {
  STRICT: 'Strict',
  STANDARD: 'Standard',
  NIST_AAL2: 'NIST AAL2',
  NIST_AAL3: 'NIST AAL3',
  CUSTOM: 'Custom',
};

/** `signed out after 30 minutes without activity, at the latest after 12 hours` */
export const limitsInWords = ({ idleMinutes, absoluteMinutes }: Limits): string =>
  idleMinutes >= absoluteMinutes
    ? `signed out ${inWords(absoluteMinutes)} after sign-in, with or without activity`
    : `signed out after ${inWords(idleMinutes)} without activity, at the latest after ${inWords(absoluteMinutes)}`;

/** What applying the limits now does to those who are signed in. */
export function impactNow(impact: Impact): string {
  const { activeSessions, endNow, endsViewerSession } = impact;
  if (endNow === 0) return inSentences(`Ends none of ${sessions(activeSessions)} now.`, impact);
  if (activeSessions === 1 && endsViewerSession) return 'Ends your own session now, the only one.';
  const including = endsViewerSession ? ', including yours' : '';
  return inSentences(`Ends ${endNow} of ${sessions(activeSessions)} now${including}.`, impact);
}

/** What is asked before it happens: the same numbers, and what they mean for people. */
export function endingWarning(impact: Impact): string {
  const { activeSessions, endNow, endsViewerSession } = impact;
  if (activeSessions === 1 && endsViewerSession)
    return 'Your own session ends as soon as this is saved, and you have to sign in again.';
  const including = endsViewerSession ? ', including yours,' : '';
  const verb = endNow === 1 ? 'ends' : 'end';
  return inSentences(
    `${endNow} of ${sessions(activeSessions)}${including} ${verb} as soon as this is saved; whoever is in there has to sign in again.`,
    impact,
  );
}

function inSentences(first: string, { endNow, shortened, endWithinHour }: Impact): string {
  const others = endNow > 0 ? 'other ' : '';
  const sooner = `${shortened} ${others}${shortened === 1 ? 'session ends' : 'sessions end'} sooner than before.`;
  const soon = `${endWithinHour} ${endNow > 0 ? 'of the rest ' : ''}${endWithinHour === 1 ? 'ends' : 'end'} within the hour unless people are active.`;
  return [first, shortened > 0 && sooner, endWithinHour > 0 && soon].filter(Boolean).join(' ');
}

/** The same choice for those who sign in next, with what the other one would do. */
export function impactLater({ activeSessions, endNow, endsViewerSession }: Impact): string {
  const keep =
    activeSessions === 1
      ? 'Nobody is signed out: the one live session keeps its limits.'
      : `Nobody is signed out: the ${activeSessions} live sessions keep their limits.`;
  if (endNow === 0) return keep;
  return `${keep} Applied now, this would end ${endNow} of them${endsViewerSession ? ', including yours' : ''}.`;
}

export const endingQuestion = ({ endNow }: Impact): string =>
  endNow === 1 ? 'Save and end 1 session now?' : `Save and end ${endNow} sessions now?`;

const sessions = (count: number): string => (count === 1 ? '1 session' : `${count} sessions`);

/** Why a preset cannot be chosen on this installation. */
export function whyUnavailable({ idleMinutes, absoluteMinutes }: Limits, bounds: LimitBounds): string {
  const reasons = [
    outside('idle', idleMinutes, bounds.idleMinutesMin, bounds.idleMinutesMax),
    outside('absolute', absoluteMinutes, bounds.absoluteMinutesMin, bounds.absoluteMinutesMax),
  ].filter((reason) => reason !== null);
  return `Not available here: this installation allows ${reasons.join(' and ')}.`;
}

function outside(limit: string, minutes: number, min: number, max: number): string | null {
  if (minutes > max) return `${limit} limits of at most ${inWords(max)}`;
  if (minutes < min) return `${limit} limits of at least ${inWords(min)}`;
  return null;
}
