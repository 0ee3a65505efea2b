import { useSession } from '@curfew/client/react';
import { Notice } from '../components/notice.tsx';
import classes from './connection-line.module.css';

/** Says that the server cannot be reached, and takes it back. It lies over the page, so that nothing moves. */
export function ConnectionLine() {
  const { connection, status } = useSession();
  const isOffline = connection === 'offline' && status === 'active';
  return (
    <div className={classes.line} role="status">
      {isOffline && (
        <Notice tone="neutral">
          Curfew cannot be reached. What you see may be out of date; it is tried again by itself.
        </Notice>
      )}
    </div>
  );
}
