import { impactByRule, type Impact } from './impact-messages.ts';
import classes from './apply-choice.module.css';

/** What applying the policy now does to the sessions of each rule. Nothing without rules. */
export function ImpactByRule({ impact, title }: { impact: Impact; title: string }) {
  const lines = impactByRule(impact);
  if (lines.length === 0) return null;
  return (
    <div className={classes.byRule} data-testid="impact-by-rule">
      <p>{title}</p>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
