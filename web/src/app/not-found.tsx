import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { Page } from '../components/page.tsx';

export function NotFound() {
  return (
    <Page title="There is no such page" intro="The address may be mistyped, or the page may have moved.">
      <p>
        <Anchor component={Link} to="/account">
          Go to your account
        </Anchor>
      </p>
    </Page>
  );
}
