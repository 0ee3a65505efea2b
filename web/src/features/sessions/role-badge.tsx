import { Trans } from '@lingui/react/macro';
import { Badge } from '@mantine/core';
import type { Role } from '../../generated/operations.ts';

/** Marks owners: their sessions can do the most. */
export function RoleBadge({ role }: { role: Role }) {
  if (role !== 'OWNER') return null;
  return (
    <Badge variant="light" size="sm" tt="none" color="indigo" ms={6}>
      <Trans>Owner</Trans>
    </Badge>
  );
}
