import { Anchor } from '@mantine/core';
import { Link, NavLink, Outlet } from 'react-router';
import { useSession } from '@curfew/client/react';
import { Brand } from '../components/brand.tsx';
import { ExpiryChip } from '../features/expiry/expiry-chip.tsx';
import { ExpiryNotice } from '../features/expiry/expiry-notice.tsx';
import { ColorSchemeButton } from '../components/color-scheme-button.tsx';
import { ConnectionStatus } from './connection-status.tsx';
import { UserMenu } from './user-menu.tsx';
import classes from './shell.module.css';

/** The layout of every signed-in page: expiry notice, header, page and footer. */
export function Shell() {
  const { user } = useSession();
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
            <NavLink to="/account" end>
              Account
            </NavLink>
            {user?.role === 'OWNER' && <NavLink to="/account/security">Session security</NavLink>}
            <NavLink to="/account/sessions">Your sessions</NavLink>
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
      </footer>
    </div>
  );
}
