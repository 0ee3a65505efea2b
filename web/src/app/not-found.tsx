import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { Page } from '../components/page.tsx';

export function NotFound() {
  return (
    <Page title="Page not found" intro="Check the address. The page may have moved.">
      <p>
        <Anchor component={Link} to="/account">
          Go to your account
        </Anchor>
      </p>
    </Page>
  );
}
