import { Trans, useLingui } from '@lingui/react/macro';
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useId } from 'react';
import type { PolicyApplication } from '../../generated/policy-operations.ts';
import { ChoiceCard } from './choice-card.tsx';
import { impactFromNextSignIn, impactNow } from './impact-messages.ts';
import { ImpactByRule } from './impact-by-rule.tsx';
import type { PolicyImpact } from './use-policy-impact.ts';
import type { Standard } from './verdict-changes.ts';
import { VerdictChangesList } from './verdict-changes-list.tsx';
import choice from './choice-card.module.css';
import classes from './apply-choice.module.css';

interface ApplyChoiceProps {
  apply: PolicyApplication;
  impact: PolicyImpact;
  /** What standards say about the policy that applies now. */
  standards: readonly Standard[];
  onChoose(apply: PolicyApplication): void;
}

/** The choice between now and the next sign-in, with its impact on current sessions. */
export function ApplyChoice({ apply, impact, standards, onChoose }: ApplyChoiceProps) {
  const name = useId();
  const { t } = useLingui();
  return (
    <div>
      <fieldset className={choice.group} role="radiogroup">
        <legend className={choice.legend}>
          <Trans>When it takes effect</Trans>
        </legend>
        <div className={choice.cards}>
          <ChoiceCard
            name={name}
            label={t`From the next sign-in`}
            description={t`Current sessions keep their limits.`}
            isChosen={apply === 'NEXT_LOGIN'}
            onChoose={() => onChoose('NEXT_LOGIN')}
          />
          <ChoiceCard
            name={name}
            label={t`Now, for everyone signed in`}
            description={t`Current sessions get the shorter limits. Sessions already past them end now.`}
            isChosen={apply === 'ACTIVE_SESSIONS'}
            onChoose={() => onChoose('ACTIVE_SESSIONS')}
          />
        </div>
      </fieldset>
      <div className={classes.impact}>
        <p role="status" aria-busy={impact.isPending} data-testid="policy-impact">
          {impactMessage(apply, impact)}
        </p>
        {impact.retry && (
          <Button size="compact-sm" variant="default" onClick={impact.retry}>
            <Trans>Try again</Trans>
          </Button>
        )}
        <div role="status" className={classes.verdicts}>
          {impact.counts && !impact.retry && (
            <VerdictChangesList now={standards} tried={impact.counts.standards} />
          )}
        </div>
        {impact.counts && !impact.retry && (
          <ImpactByRule
            impact={impact.counts}
            title={apply === 'ACTIVE_SESSIONS' ? t`By rule` : t`Applied now, by rule`}
          />
        )}
      </div>
    </div>
  );
}

function impactMessage(apply: PolicyApplication, { counts, retry, isWanted }: PolicyImpact): string {
  if (retry) return t`The effect could not be calculated.`;
  if (counts) return apply === 'ACTIVE_SESSIONS' ? impactNow(counts) : impactFromNextSignIn(counts);
  return isWanted ? '' : t`Change a limit to see its effect before you save.`;
}
