import { useLingui } from '@lingui/react';
import { Anchor } from '@mantine/core';
import { Link, NavLink, Outlet } from 'react-router';
import { useSession } from '@curfew/client/react';
import { Brand } from '../components/brand.tsx';
import { ExpiryChip } from '../features/expiry/expiry-chip.tsx';
import { ExpiryNotice } from '../features/expiry/expiry-notice.tsx';
import { ColorSchemeButton } from '../components/color-scheme-button.tsx';
import { ConnectionStatus } from './connection-status.tsx';
import { PLACES } from './places.tsx';
import { UserMenu } from './user-menu.tsx';
import classes from './shell.module.css';

/** The layout of every signed-in page: expiry notice, header, page and footer. */
export function Shell() {
  const { user } = useSession();
  const { i18n } = useLingui();
  return (
    <div className={classes.shell}>
      <Anchor href="#main" className={classes.skip}>
        Skip to main content
      </Anchor>
      <ExpiryNotice />
      <header className={classes.header}>
        <div className={classes.bar}>
          <Link to="/account" className={classes.brand} aria-label="Curfew: your account">
            <Brand />
          </Link>
          <nav className={classes.nav} aria-label="Main">
            {PLACES.filter(({ isForOwners }) => !isForOwners || user?.role === 'OWNER').map(
              ({ to, name }) => (
                <NavLink key={to} to={to} end>
                  {i18n._(name)}
                </NavLink>
              ),
            )}
          </nav>
          <div className={classes.tools}>
            <ExpiryChip />
            <ColorSchemeButton />
            <UserMenu />
          </div>
        </div>
      </header>
      <ConnectionStatus />
      <main id="main" className={classes.main} tabIndex={-1}>
        <Outlet />
      </main>
      <footer className={classes.footer}>
        <span>Curfew</span>
        <Anchor href="/graphiql" size="sm">
          GraphiQL
        </Anchor>
        <Anchor href="/reference" size="sm">
          HTTP API
        </Anchor>
        <Anchor href="/schema.graphql" size="sm">
          GraphQL schema
        </Anchor>
      </footer>
    </div>
  );
}
