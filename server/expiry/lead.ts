import { addSeconds } from '../clock.ts';
import type { Session } from '../sessions/session.ts';

/** How long before each deadline the warning is due, in seconds, as configured. */
export interface WarningSettings {
  readonly warningSeconds: number;
  readonly absoluteWarningSeconds: number;
}

type Watched = Pick<Session, 'idleSeconds' | 'absoluteSeconds' | 'idleExpiresAt' | 'absoluteExpiresAt'>;

type Limits = Pick<Watched, 'idleSeconds' | 'absoluteSeconds'>;

/** A session's own lead is at most half its limit: a ten-minute session is not warned from its first second on. */
const lead = (settingSeconds: number, limitSeconds: number | null): number =>
  Math.min(settingSeconds, limitSeconds === null ? Infinity : Math.floor(limitSeconds / 2));

/** Seconds before the idle deadline at which the session is warned. */
export const idleLead = (session: Limits, settings: WarningSettings): number =>
  lead(settings.warningSeconds, session.idleSeconds);

/** Seconds before the absolute deadline at which the session is warned. */
export const absoluteLead = (session: Limits, settings: WarningSettings): number =>
  lead(settings.absoluteWarningSeconds, session.absoluteSeconds);

export const idleWarningAt = (session: Watched, settings: WarningSettings): Date =>
  addSeconds(session.idleExpiresAt, -idleLead(session, settings));

export const absoluteWarningAt = (session: Watched, settings: WarningSettings): Date =>
  addSeconds(session.absoluteExpiresAt, -absoluteLead(session, settings));

/** Whether somebody may have been warned of the idle deadline, so that moving it is news. */
export const isInsideIdleWarning = (session: Watched, settings: WarningSettings, now: Date): boolean =>
  now >= idleWarningAt(session, settings);
