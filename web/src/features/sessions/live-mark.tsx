import { useLiveSocket } from '../../lib/live-socket-context.ts';
import classes from './live-mark.module.css';

/** Whether what is shown follows what happens. Only the interruption is spoken. */
export function LiveMark() {
  const { state } = useLiveSocket();
  return (
    <span className={classes.mark} data-state={state}>
      <span className={classes.dot} aria-hidden />
      {state === 'up' && 'Live'}
      {state === 'waiting' && 'Connecting'}
      <span role="status">{state === 'down' && 'Paused: reconnecting'}</span>
    </span>
  );
}
