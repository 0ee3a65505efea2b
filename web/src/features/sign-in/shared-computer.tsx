import { useLingui } from '@lingui/react/macro';
import { Checkbox } from '@mantine/core';

interface SharedComputerProps {
  isShared: boolean;
  onShare(isShared: boolean): void;
}

/**
 * Asks for the exception, so that the usual sign-in stays as it is. How long a session lasts is the account's policy:
 * "keep me signed in" would promise more.
 */
export function SharedComputer({ isShared, onShare }: SharedComputerProps) {
  const { t } = useLingui();
  return (
    <Checkbox
      size="md"
      label={t`This is a shared computer`}
      description={t`You’ll be signed out when the browser is closed, and your e-mail isn’t kept here.`}
      checked={isShared}
      onChange={(event) => onShare(event.currentTarget.checked)}
    />
  );
}
