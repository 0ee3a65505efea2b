import { t } from '@lingui/core/macro';
import type { PolicyStandardFragment } from '../../generated/policy-operations.ts';

export type Standard = PolicyStandardFragment;

/** A verdict that a change of the policy alters, as a sentence. */
export interface VerdictChange {
  isWorse: boolean;
  text: string;
}

/**
 * What standards would say otherwise about the policy that is tried: their verdicts, and the recommendations of those whose
 * verdict stays. In the order of the standards.
 */
export function verdictChanges(now: readonly Standard[], tried: readonly Standard[]): VerdictChange[] {
  return tried.flatMap((standard) => {
    const before = now.find(({ id }) => id === standard.id);
    if (!before) return [];
    if (before.verdict !== standard.verdict) return changeOfVerdict(standard);
    return recommendationChanges(before, standard);
  });
}

function changeOfVerdict({ title, verdict }: Standard): VerdictChange[] {
  switch (verdict) {
    case 'MEETS':
      return [{ isWorse: false, text: t`Would now meet ${title}.` }];
    case 'MISSES':
      return [{ isWorse: true, text: t`Would no longer meet ${title}.` }];
    case 'NOT_APPLICABLE':
      return [];
  }
}

function recommendationChanges(before: Standard, tried: Standard): VerdictChange[] {
  const { title } = tried;
  return tried.checks.flatMap(({ clause, subject, level, verdict }, index): VerdictChange[] => {
    if (level !== 'RECOMMENDED' || before.checks[index]?.verdict === verdict) return [];
    const what = `${clause} (${subject === 'IDLE' ? t`idle limit` : t`absolute limit`})`;
    return verdict === 'MEETS'
      ? [{ isWorse: false, text: t`Would now follow the recommendation ${what} of ${title}.` }]
      : [{ isWorse: true, text: t`Would no longer follow the recommendation ${what} of ${title}.` }];
  });
}
