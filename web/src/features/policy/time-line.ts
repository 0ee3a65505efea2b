import { inWords } from '../../lib/duration.ts';
import type { Limits } from './limit-check.ts';

export interface WarningLeads {
  warningSeconds: number;
  absoluteWarningSeconds: number;
}

/** A stretch of the picture; all numbers are shares of its width, 0 the sign-in and 1 the absolute limit. */
export interface Stretch {
  from: number;
  to: number;
  /** Where the warning begins. */
  warnFrom: number;
}

export interface TimeLine {
  absolute: Stretch;
  /** One per activity; each but the last is overtaken by the next. */
  idle: Stretch[];
  /** What the picture says, for those who cannot see it and under it for those who can. */
  sentences: [idle: string, absolute: string];
}

/**
 * The story of one session under the limits: some activity, then none. Drawn to the eye rather than to scale: half an
 * hour in twelve would be a speck, so that the idle limit gets the square root of its share, and a warning what can
 * be seen.
 */
export function timeLineOf({ idleMinutes, absoluteMinutes }: Limits, leads: WarningLeads): TimeLine {
  const idleShare = clamp(Math.sqrt(idleMinutes / absoluteMinutes), 0.22, 1);
  const lastActivity = Math.min(0.5, 1 - idleShare);
  const idleLead = leadOf(idleMinutes, leads.warningSeconds);
  const absoluteLead = leadOf(absoluteMinutes, leads.absoluteWarningSeconds);
  const idleWarnShare = idleShare * clamp(idleLead / (idleMinutes * 60), 0.12, 0.5);
  const activities = lastActivity > 0.05 ? [0, lastActivity * 0.45, lastActivity] : [0];
  return {
    absolute: { from: 0, to: 1, warnFrom: 1 - clamp(absoluteLead / (absoluteMinutes * 60), 0.05, 0.5) },
    idle: activities.map((from) => ({
      from,
      to: from + idleShare,
      warnFrom: from + idleShare - idleWarnShare,
    })),
    sentences: [
      `Idle limit: signed out after ${inWords(idleMinutes)} without activity, warned ${leadInWords(idleLead)} before. Every activity starts it anew.`,
      `Absolute limit: signed out ${inWords(absoluteMinutes)} after sign-in, warned ${leadInWords(absoluteLead)} before, however active.`,
    ],
  };
}

/** Seconds before the deadline at which a session under this limit is warned. */
const leadOf = (minutes: number, settingSeconds: number): number =>
  Math.min(settingSeconds, (minutes * 60) / 2);

function leadInWords(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds - minutes * 60);
  const restInWords = rest === 1 ? '1 second' : `${rest} seconds`;
  if (minutes === 0) return restInWords;
  return rest === 0 ? inWords(minutes) : `${inWords(minutes)} and ${restInWords}`;
}

const clamp = (value: number, min: number, max: number): number => Math.min(Math.max(value, min), max);
