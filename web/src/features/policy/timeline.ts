import { t } from '@lingui/core/macro';
import { inWords, secondsInWords } from '../../lib/duration.ts';
import type { Limits } from '../policy-words/limits-in-words.ts';

export interface WarningLeads {
  warningSeconds: number;
  absoluteWarningSeconds: number;
}

/** A stretch of the timeline. Positions are shares of its width: 0 is the sign-in, 1 the absolute limit. */
export interface Stretch {
  from: number;
  to: number;
  /** Start of the warning. */
  warnFrom: number;
}

export interface Timeline {
  absolute: Stretch;
  /** One stretch per activity; each activity moves the deadline of the one before. */
  idle: Stretch[];
  /** The text alternative, which is also shown below the picture. */
  sentences: [idle: string, absolute: string];
}

/**
 * A session with some activity at first and none later. Not to scale: half an hour in twelve would hardly be visible,
 * so the idle limit gets the square root of its share, and warnings have a minimum width.
 */
export function timelineOf({ idleMinutes, absoluteMinutes }: Limits, leads: WarningLeads): Timeline {
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
    sentences: [idleSentence(idleMinutes, idleLead), absoluteSentence(absoluteMinutes, absoluteLead)],
  };
}

/** The warning lead in seconds: at most half of the limit. */
const leadOf = (minutes: number, settingSeconds: number): number =>
  Math.min(settingSeconds, (minutes * 60) / 2);

function idleSentence(minutes: number, leadSeconds: number): string {
  const [limit, lead] = [inWords(minutes), secondsInWords(leadSeconds)];
  return t`Idle limit: signed out after ${limit} without activity, with a warning ${lead} before. Any activity restarts it.`;
}

function absoluteSentence(minutes: number, leadSeconds: number): string {
  const [limit, lead] = [inWords(minutes), secondsInWords(leadSeconds)];
  return t`Absolute limit: signed out ${limit} after sign-in, with a warning ${lead} before. Activity does not extend it.`;
}

const clamp = (value: number, min: number, max: number): number => Math.min(Math.max(value, min), max);
