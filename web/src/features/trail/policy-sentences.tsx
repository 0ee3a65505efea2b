import { Trans } from '@lingui/react/macro';
import { isAnyChange } from './policy-change.ts';
import { countOf, type Told } from './told.ts';

export function PolicySaved({ who, details }: Told) {
  const version = countOf(details.restored_from);
  if (version !== null)
    return (
      <Trans>
        {who} restored version {version} of the session policy
      </Trans>
    );
  return isAnyChange(details) ? (
    <Trans>{who} changed the session policy</Trans>
  ) : (
    <Trans>{who} saved the session policy without changes</Trans>
  );
}

export const Exported = ({ who, details }: Told) =>
  details.export === 'policy' ? (
    <Trans>{who} exported the session policy</Trans>
  ) : (
    <Trans>{who} exported the audit trail</Trans>
  );
