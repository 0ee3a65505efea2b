import { plural } from '@lingui/core/macro';
import type { SessionLimitAction } from '../../generated/policy-operations.ts';

/** How many sessions a person may have at once, and what happens to one more. */
export function maximumInWords(maximum: number, action: SessionLimitAction): string {
  switch (action) {
    case 'DENY':
      return plural(maximum, {
        one: 'At most # session for each person: one more sign-in is refused.',
        other: 'At most # sessions for each person: one more sign-in is refused.',
      });
    case 'END_OLDEST':
      return plural(maximum, {
        one: 'At most # session for each person: one more sign-in ends the one before.',
        other:
          'At most # sessions for each person: one more sign-in ends the one that was used least recently.',
      });
    case 'ASK':
      return plural(maximum, {
        one: 'At most # session for each person: at one more sign-in the person chooses which one ends.',
        other: 'At most # sessions for each person: at one more sign-in the person chooses which one ends.',
      });
  }
}
