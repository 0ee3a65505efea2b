import type { Session } from '../sessions/session.ts';

/** How long before each deadline the warning is due, in seconds, as configured. */
export interface WarningSettings {
  readonly warningSeconds: number;
  readonly absoluteWarningSeconds: number;
}

type Watched = Pick<Session, 'idleSeconds' | 'absoluteSeconds' | 'idleExpiresAt' | 'absoluteExpiresAt'>;

/** A session's own lead is at most half its limit: a ten-minute session is not warned from its first second on. */
const lead = (settingSeconds: number, limitSeconds: number | null): number =>
  1000 * Math.min(settingSeconds, limitSeconds === null ? Infinity : limitSeconds / 2);

export const idleWarningAt = (session: Watched, settings: WarningSettings): Date =>
  new Date(session.idleExpiresAt.getTime() - lead(settings.warningSeconds, session.idleSeconds));

export const absoluteWarningAt = (session: Watched, settings: WarningSettings): Date =>
  new Date(
    session.absoluteExpiresAt.getTime() - lead(settings.absoluteWarningSeconds, session.absoluteSeconds),
  );

/** Whether somebody may have been warned of the idle deadline, so that moving it is news. */
export const isInsideIdleWarning = (session: Watched, settings: WarningSettings, now: Date): boolean =>
  now >= idleWarningAt(session, settings);
