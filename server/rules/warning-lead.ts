import { addSeconds } from '../clock.ts';
import type { Deadlines, Session } from './session.ts';

/** Configured warning lead of each deadline, in seconds. */
export interface WarningSettings {
  readonly warningSeconds: number;
  readonly absoluteWarningSeconds: number;
}

type Limits = Pick<Session, 'idleSeconds' | 'absoluteSeconds'>;

type LimitsAndDeadlines = Limits & Deadlines;

/** At most half the limit: a ten-minute session gets no warning in its first second. */
const warningLead = (configuredSeconds: number, limitSeconds: number | null): number =>
  Math.min(configuredSeconds, limitSeconds === null ? Infinity : Math.floor(limitSeconds / 2));

/** Seconds from the warning to the idle deadline. */
export const idleWarningLead = (session: Limits, settings: WarningSettings): number =>
  warningLead(settings.warningSeconds, session.idleSeconds);

/** Seconds from the warning to the absolute deadline. */
export const absoluteWarningLead = (session: Limits, settings: WarningSettings): number =>
  warningLead(settings.absoluteWarningSeconds, session.absoluteSeconds);

export const idleWarningAt = (session: LimitsAndDeadlines, settings: WarningSettings): Date =>
  addSeconds(session.idleExpiresAt, -idleWarningLead(session, settings));

export const absoluteWarningAt = (session: LimitsAndDeadlines, settings: WarningSettings): Date =>
  addSeconds(session.absoluteExpiresAt, -absoluteWarningLead(session, settings));

/** True when the warning of the idle deadline is due, so that subscribers must learn of a new deadline. */
export const isInsideIdleWarning = (
  session: LimitsAndDeadlines,
  settings: WarningSettings,
  now: Date,
): boolean => now >= idleWarningAt(session, settings);
