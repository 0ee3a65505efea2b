import type { SessionLimitAction } from '../../generated/policy-operations.ts';
import type { RuleKind } from './kind-in-words.ts';
import type { Limits } from './limits-in-words.ts';
import { maximumInWords } from './maximum-in-words.ts';
import { ruleInWords } from './rule-in-words.ts';
import classes from './further-settings.module.css';

interface FurtherSettingsProps {
  rules: readonly (RuleKind & Limits)[];
  maxSessionsPerUser: number | null;
  sessionLimitAction: SessionLimitAction;
}

/** The rules and the maximum of sessions of a policy, a sentence each. Nothing where neither is used. */
export function FurtherSettings({ rules, maxSessionsPerUser, sessionLimitAction }: FurtherSettingsProps) {
  if (rules.length === 0 && maxSessionsPerUser === null) return null;
  return (
    <ul className={classes.settings}>
      {rules.map((rule) => (
        <li key={`${rule.role} ${rule.appType}`}>{ruleInWords(rule)}</li>
      ))}
      {maxSessionsPerUser !== null && <li>{maximumInWords(maxSessionsPerUser, sessionLimitAction)}</li>}
    </ul>
  );
}
