import { Trans } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { KeyRound } from 'lucide-react';
import { Link } from 'react-router';
import { Notice } from '../../components/notice.tsx';

/** After a session was ended: if it was someone else's, they know the password. */
export function PasswordAdvice() {
  return (
    <Notice
      tone="amber"
      icon={<KeyRound size={18} />}
      actions={
        <Button component={Link} to="#password" size="xs" variant="default">
          <Trans>Change your password</Trans>
        </Button>
      }
    >
      <Trans>Didn’t recognise that session? Someone may know your password.</Trans>
    </Notice>
  );
}
