import { Trans } from '@lingui/react/macro';
import { isAnyChange } from '../trail/policy-change.ts';
import { PolicyChange } from '../trail/policy-change-entry.tsx';
import { changeBetween, type Version } from './version-change.ts';
import classes from './version-difference.module.css';

/** What differs between two versions, old and new, in the words of the audit trail. */
export function VersionDifference({ before, after }: { before: Version; after: Version }) {
  const change = changeBetween(before, after);
  return isAnyChange(change) ? (
    <div className={classes.difference}>
      <PolicyChange details={change} />
    </div>
  ) : (
    <Trans>Both versions have the same limits and rules.</Trans>
  );
}
