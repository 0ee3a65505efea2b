import { Trans } from '@lingui/react/macro';
import { useLiveSocket } from '../../lib/live-socket-context.ts';
import classes from './live-mark.module.css';

/** Shows whether the list updates live. Screen readers announce the interruption only. */
export function LiveMark() {
  const { state } = useLiveSocket();
  return (
    <span className={classes.mark} data-state={state}>
      <span className={classes.dot} aria-hidden />
      {state === 'up' && <Trans>Live</Trans>}
      {state === 'waiting' && <Trans>Connecting…</Trans>}
      <span role="status">{state === 'down' && <Trans>Paused. Reconnecting…</Trans>}</span>
    </span>
  );
}
