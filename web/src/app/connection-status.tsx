import { Trans } from '@lingui/react/macro';
import { useSession } from '@curfew/client/react';
import { Notice } from '../components/notice.tsx';
import classes from './connection-status.module.css';

/** Shows that the server cannot be reached. Lies over the page, so that nothing moves. */
export function ConnectionStatus() {
  const { connection, status } = useSession();
  const isOffline = connection === 'offline' && status === 'active';
  return (
    <div className={classes.status} role="status">
      {isOffline && (
        <Notice tone="neutral">
          <Trans>Couldn’t reach Curfew. This page may be out of date. Reconnecting…</Trans>
        </Notice>
      )}
    </div>
  );
}
