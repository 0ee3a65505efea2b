import { t } from '@lingui/core/macro';
import { sessions } from '../../lib/count.ts';
import { inWords } from '../../lib/duration.ts';
import type { Limits } from '../policy-words/limits-in-words.ts';
import type { LimitBounds } from './limit-bounds.ts';

export function endNowQuestion({ endNow }: { endNow: number }): string {
  const ended = sessions(endNow);
  return t`Save and end ${ended} now?`;
}

/** What an applied policy did. */
export function appliedInWords(ended: number, shortened: number): string {
  if (ended === 0 && shortened === 0) return t`Saved and applied. No session ended or got shorter limits.`;
  const endedSessions = sessions(ended);
  return t`Saved and applied: ${endedSessions} ended, ${shortened} shortened.`;
}

/** Why a preset cannot be chosen on this server. */
export function unavailableReason({ idleMinutes, absoluteMinutes }: Limits, bounds: LimitBounds): string {
  const idle = idleOutside(idleMinutes, bounds);
  const absolute = absoluteOutside(absoluteMinutes, bounds);
  if (idle && absolute) return t`Not available: this server allows ${idle} and ${absolute}.`;
  const reason = idle ?? absolute ?? '';
  return t`Not available: this server allows ${reason}.`;
}

function idleOutside(minutes: number, { idleMinutesMin, idleMinutesMax }: LimitBounds): string | null {
  const [min, max] = [inWords(idleMinutesMin), inWords(idleMinutesMax)];
  if (minutes > idleMinutesMax) return t`idle limits of at most ${max}`;
  return minutes < idleMinutesMin ? t`idle limits of at least ${min}` : null;
}

function absoluteOutside(
  minutes: number,
  { absoluteMinutesMin, absoluteMinutesMax }: LimitBounds,
): string | null {
  const [min, max] = [inWords(absoluteMinutesMin), inWords(absoluteMinutesMax)];
  if (minutes > absoluteMinutesMax) return t`absolute limits of at most ${max}`;
  return minutes < absoluteMinutesMin ? t`absolute limits of at least ${min}` : null;
}
