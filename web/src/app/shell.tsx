import { Trans, useLingui } from '@lingui/react/macro';
import { Anchor } from '@mantine/core';
import { Link, Outlet } from 'react-router';
import { useSession } from '@curfew/client/react';
import { Brand } from '../components/brand.tsx';
import { ExpiryChip } from '../features/expiry/expiry-chip.tsx';
import { ExpiryNotice } from '../features/expiry/expiry-notice.tsx';
import { NewSignIns } from '../features/new-sign-ins/new-sign-ins.tsx';
import { ColorSchemeButton } from '../components/color-scheme-button.tsx';
import { ConnectionStatus } from './connection-status.tsx';
import { PlaceList } from './place-list.tsx';
import { PlaceMenu } from './place-menu.tsx';
import { placesFor } from './places.tsx';
import { useIsWide } from './use-is-wide.ts';
import { UserMenu } from './user-menu.tsx';
import classes from './shell.module.css';

/** The layout of every signed-in page: expiry notice, header, places, page and footer. */
export function Shell() {
  const { user } = useSession();
  const { t } = useLingui();
  const isWide = useIsWide();
  const groups = placesFor(user?.role === 'OWNER');
  return (
    <div className={classes.shell}>
      <div className={classes.skips}>
        <Anchor href="#main" className={classes.skip}>
          <Trans>Skip to main content</Trans>
        </Anchor>
        <Anchor href="#places" className={classes.skip}>
          <Trans>Skip to navigation</Trans>
        </Anchor>
      </div>
      <ExpiryNotice />
      <NewSignIns />
      <header className={classes.header}>
        <div className={classes.bar}>
          <Link to="/account" className={classes.brand} aria-label={t`Curfew: your account`}>
            <Brand />
          </Link>
          <div className={classes.tools}>
            <ExpiryChip />
            <ColorSchemeButton />
            <UserMenu />
          </div>
        </div>
        {!isWide && (
          <nav id="places" aria-label={t`Main`} tabIndex={-1} className={classes.places}>
            <PlaceMenu groups={groups} />
          </nav>
        )}
      </header>
      <ConnectionStatus />
      <div className={classes.body}>
        {isWide && (
          <nav id="places" aria-label={t`Main`} tabIndex={-1} className={classes.side}>
            <PlaceList groups={groups} />
          </nav>
        )}
        <main id="main" className={classes.main} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <footer className={classes.footer}>
        <span>Curfew</span>
        <Anchor href="/graphiql" size="sm">
          GraphiQL
        </Anchor>
        <Anchor href="/reference" size="sm">
          <Trans>HTTP API</Trans>
        </Anchor>
        <Anchor href="/schema.graphql" size="sm">
          <Trans>GraphQL schema</Trans>
        </Anchor>
      </footer>
    </div>
  );
}
