import { Trans, useLingui } from '@lingui/react/macro';
import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { Page } from '../components/page.tsx';

export function NotFound() {
  const { t } = useLingui();
  return (
    <Page title={t`Page not found`} intro={t`Check the address. The page may have moved.`}>
      <p>
        <Anchor component={Link} to="/account">
          <Trans>Go to your account</Trans>
        </Anchor>
      </p>
    </Page>
  );
}
