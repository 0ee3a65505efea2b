import { t } from '@lingui/core/macro';
import { inWords } from '../../lib/duration.ts';

/** The two limits of a session, in minutes. */
export interface Limits {
  idleMinutes: number;
  absoluteMinutes: number;
}

/** `signed out after 30 minutes without activity, and after 12 hours at most` */
export function limitsInWords({ idleMinutes, absoluteMinutes }: Limits): string {
  const idle = inWords(idleMinutes);
  const absolute = inWords(absoluteMinutes);
  return idleMinutes >= absoluteMinutes
    ? t`signed out ${absolute} after sign-in, with or without activity`
    : t`signed out after ${idle} without activity, and after ${absolute} at most`;
}
