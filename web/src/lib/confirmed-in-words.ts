import { t } from '@lingui/core/macro';
import { momentInWords } from './moment.ts';

/** After the user has confirmed that it is them. `endsAt`: when the session ends at most, by this computer's clock. */
export function confirmedInWords(endsAt: Date | null, now: Date): string {
  if (!endsAt) return t`Confirmed. You’re still signed in.`;
  const moment = momentInWords(endsAt, now);
  return t`Confirmed. Your session can go on until ${moment}.`;
}
