import { useLingui } from '@lingui/react';
import { TrendingDown, TrendingUp } from 'lucide-react';
import { type Standard, verdictChanges } from './verdict-changes.ts';
import classes from './verdict-changes-list.module.css';

interface VerdictChangesListProps {
  /** Of the policy that applies now. */
  now: readonly Standard[];
  /** Of the policy that is tried. */
  tried: readonly Standard[];
}

/** What standards would say otherwise about the policy that is tried. Nothing where no verdict changes. */
export function VerdictChangesList({ now, tried }: VerdictChangesListProps) {
  // Renders again when the language changes; the sentences read the language that is active.
  useLingui();
  const changes = verdictChanges(now, tried);
  if (changes.length === 0) return null;
  return (
    <ul className={classes.changes}>
      {changes.map(({ text, isWorse }) => (
        <li key={text} className={classes.change} data-worse={isWorse || undefined}>
          {isWorse ? <TrendingDown size={16} aria-hidden /> : <TrendingUp size={16} aria-hidden />}
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}
