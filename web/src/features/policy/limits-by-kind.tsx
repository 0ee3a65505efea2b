import { Trans } from '@lingui/react/macro';
import { BothLimits } from '../policy-words/both-limits.tsx';
import { kindInWords } from '../policy-words/kind-in-words.ts';
import type { Limits } from '../policy-words/limits-in-words.ts';
import { indexOfRuleFor, SESSION_KINDS, type SessionKind } from './rule-for.ts';
import type { ShownRule } from './rules-section.tsx';
import classes from './rules.module.css';

interface LimitsByKindProps {
  rules: ShownRule[];
  /** Those of sessions that no rule fits. */
  limits: Limits | null;
}

/** The limits that each kind of session gets in the end, and from where. */
export function LimitsByKind({ rules, limits }: LimitsByKindProps) {
  return (
    <>
      <p className={classes.title}>
        <Trans>What a new session gets</Trans>
      </p>
      <dl className={classes.kinds}>
        {SESSION_KINDS.map((kind) => {
          const index = indexOfRuleFor(
            rules.map(({ rule }) => rule),
            kind,
          );
          const own = index === -1 ? limits : rules[index]!.limits;
          const number = index + 1;
          return (
            <div key={`${kind.role} ${kind.appType}`}>
              <dt>
                <span>{kindInWords(kind)}</span> {isOfThisPage(kind) && <Trans>(you, here)</Trans>}
              </dt>
              <dd>
                <span>{own ? <BothLimits {...own} /> : <Trans>Correct the limits first.</Trans>}</span>{' '}
                <span className={classes.from}>
                  {index === -1 ? <Trans>No rule</Trans> : <Trans>Rule {number}</Trans>}
                </span>
              </dd>
            </div>
          );
        })}
      </dl>
    </>
  );
}

/** The page is for owners, who are signed in to the control panel. */
const isOfThisPage = ({ role, appType }: SessionKind): boolean =>
  role === 'OWNER' && appType === 'CONTROL_PANEL';
