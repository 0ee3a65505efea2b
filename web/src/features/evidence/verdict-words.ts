import { plural, t } from '@lingui/core/macro';
import type { PolicyStandardFragment, Verdict } from '../../generated/evidence-operations.ts';
import { sessions } from '../../lib/count.ts';
import { inWords } from '../../lib/duration.ts';

export type Standard = PolicyStandardFragment;
export type Check = Standard['checks'][number];

/** What a standard says about the policy. */
export function verdictInWords(verdict: Verdict): string {
  switch (verdict) {
    case 'MEETS':
      return t`Meets`;
    case 'MISSES':
      return t`Doesn’t meet`;
    case 'NOT_APPLICABLE':
      return t`Doesn’t apply`;
  }
}

/** What one requirement of it says. */
export function checkVerdictInWords(verdict: Verdict): string {
  switch (verdict) {
    case 'MEETS':
      return t`Met`;
    case 'MISSES':
      return t`Not met`;
    case 'NOT_APPLICABLE':
      return t`Doesn’t apply`;
  }
}

/** What a requirement allows, such as `Idle limit: 15 minutes at most`. */
export function limitInWords({ subject, limitMinutes }: Check): string {
  switch (subject) {
    case 'IDLE': {
      if (limitMinutes === null) return t`Idle limit: any`;
      const limit = inWords(limitMinutes);
      return t`Idle limit: ${limit} at most`;
    }
    case 'ABSOLUTE': {
      if (limitMinutes === null) return t`Absolute limit: any`;
      const limit = inWords(limitMinutes);
      return t`Absolute limit: ${limit} at most`;
    }
    case 'SESSIONS_AT_ONCE':
      return limitMinutes === null
        ? t`Sessions at once: any limit`
        : plural(limitMinutes, {
            one: 'Sessions at once: # at most',
            other: 'Sessions at once: # at most',
          });
    case 'WARNING':
      return t`Warning before the end: yes`;
  }
}

/** What the policy has instead. */
export function actualInWords({ subject, actualMinutes, verdict }: Check): string {
  switch (subject) {
    case 'IDLE':
    case 'ABSOLUTE':
      return actualMinutes === null ? t`no limit` : inWords(actualMinutes);
    case 'SESSIONS_AT_ONCE':
      return actualMinutes === null ? t`no limit` : sessions(actualMinutes);
    case 'WARNING':
      return verdict === 'MEETS' ? t`yes` : t`no`;
  }
}

/** `Meets 5 of 9 standards.` Those that ask nothing of the policy do not count. */
export function summaryOf(standards: readonly Standard[]): string {
  const judged = standards.filter(({ verdict }) => verdict !== 'NOT_APPLICABLE');
  const met = judged.filter(({ verdict }) => verdict === 'MEETS').length;
  const count = judged.length;
  return plural(count, {
    one: `The policy meets ${met} of # standard.`,
    other: `The policy meets ${met} of # standards.`,
  });
}
