import { Trans } from '@lingui/react/macro';
import type { Role } from '../../generated/sessions-operations.ts';
import classes from './role-badge.module.css';

/** Marks owners: their sessions can do the most. */
export function RoleBadge({ role }: { role: Role }) {
  if (role !== 'OWNER') return null;
  return (
    <span>
      {' '}
      <span className={classes.badge}>
        <Trans>Owner</Trans>
      </span>
    </span>
  );
}
