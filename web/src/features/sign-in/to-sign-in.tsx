import { Trans } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Link } from 'react-router';

export const ToSignIn = () => (
  <Button component={Link} to="/login" variant="default" size="md" fullWidth>
    <Trans>Go to sign in</Trans>
  </Button>
);
