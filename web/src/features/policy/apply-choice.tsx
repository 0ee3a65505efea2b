import { Button } from '@mantine/core';
import { useId } from 'react';
import type { PolicyApplication } from '../../generated/operations.ts';
import { ChoiceCard } from './choice-card.tsx';
import { impactLater, impactNow } from './policy-words.ts';
import type { PolicyImpact } from './use-policy-impact.ts';
import choice from './choice-card.module.css';
import classes from './apply-choice.module.css';

interface ApplyChoiceProps {
  apply: PolicyApplication;
  impact: PolicyImpact;
  onChoose(apply: PolicyApplication): void;
}

/** Now or from the next sign-in, and what that does to those who are signed in. */
export function ApplyChoice({ apply, impact, onChoose }: ApplyChoiceProps) {
  const name = useId();
  return (
    <div>
      <fieldset className={choice.group} role="radiogroup">
        <legend className={choice.legend}>When it takes effect</legend>
        <div className={choice.cards}>
          <ChoiceCard
            name={name}
            label="From the next sign-in"
            description="Live sessions keep the limits they have."
            isChosen={apply === 'NEXT_LOGIN'}
            onChoose={() => onChoose('NEXT_LOGIN')}
          />
          <ChoiceCard
            name={name}
            label="Now, for everyone signed in"
            description="Live sessions are shortened to the new limits, never lengthened. Those past them end."
            isChosen={apply === 'ACTIVE_SESSIONS'}
            onChoose={() => onChoose('ACTIVE_SESSIONS')}
          />
        </div>
      </fieldset>
      <div className={classes.impact}>
        <p role="status" aria-busy={impact.isPending} data-testid="policy-impact">
          {sentenceOf(apply, impact)}
        </p>
        {impact.retry && (
          <Button size="compact-sm" variant="default" onClick={impact.retry}>
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}

function sentenceOf(apply: PolicyApplication, { counts, retry, isWanted }: PolicyImpact): string {
  if (retry) return 'What this would do to live sessions could not be worked out.';
  if (counts) return apply === 'ACTIVE_SESSIONS' ? impactNow(counts) : impactLater(counts);
  return isWanted ? '' : 'Change something to see here what it does to live sessions, before you save.';
}
