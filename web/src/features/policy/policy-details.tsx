import { maximumInWords } from '../policy-words/maximum-in-words.ts';
import { ruleInWords } from '../policy-words/rule-in-words.ts';
import type { Policy } from './policy-draft.ts';
import { limitsInForce } from './rule-for.ts';
import classes from './current-policy.module.css';

/** The rules and the maximum of sessions of a saved policy, a sentence each. Nothing while neither is used. */
export function PolicyDetails({ policy }: { policy: Policy }) {
  const { rules, maxSessionsPerUser, sessionLimitAction } = policy;
  if (rules.length === 0 && maxSessionsPerUser === null) return null;
  return (
    <ul className={classes.details}>
      {rules.map((rule) => {
        const sentence = ruleInWords({ ...rule, ...limitsInForce(rule, policy) });
        return <li key={sentence}>{sentence}</li>;
      })}
      {maxSessionsPerUser !== null && <li>{maximumInWords(maxSessionsPerUser, sessionLimitAction)}</li>}
    </ul>
  );
}
