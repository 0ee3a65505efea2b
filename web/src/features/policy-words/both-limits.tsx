import { useLingui } from '@lingui/react/macro';
import { inWords } from '../../lib/duration.ts';
import type { Limits } from './limits-in-words.ts';

/** `15 minutes without activity, 8 hours at most` */
export function BothLimits({ idleMinutes, absoluteMinutes }: Limits) {
  const { t } = useLingui();
  const [idle, absolute] = [inWords(idleMinutes), inWords(absoluteMinutes)];
  // With equal limits, the idle limit never comes first.
  return (
    <span>
      {idleMinutes < absoluteMinutes
        ? t`${idle} without activity, ${absolute} at most`
        : t`${absolute} at most`}
    </span>
  );
}
