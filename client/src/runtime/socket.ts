import { type BrowserEnv } from '../browser/browser-env.ts';
import { type Occurrence } from '../core/events.ts';
import { followSessionExpiry } from '../follow-session-expiry.ts';
import { type PendingCalls } from './pending-calls.ts';

export interface Socket {
  /** Follows the session, in place of an open socket. */
  open(): void;
  close(): void;
}

export function createSocket(dependencies: {
  env: Pick<BrowserEnv, 'setTimeout' | 'clearTimeout' | 'webSocketImpl'>;
  url: string;
  calls: PendingCalls;
  dispatch(occurrence: Occurrence): void;
}): Socket {
  const { env, url, calls, dispatch } = dependencies;
  let stop = (): void => {};

  function open(): void {
    let isOpen = true;
    const dispatchIfOpen = (occurrence: Occurrence): void => {
      if (isOpen) dispatch(occurrence);
    };
    stop();
    const stopFollowing = followSessionExpiry({
      url,
      webSocketImpl: env.webSocketImpl,
      timers: env,
      getAccessToken: ({ isRefused }) =>
        calls.create<string>((call) => dispatch({ type: 'socket-token-requested', call, isRefused })),
      onEvent: (event) => dispatchIfOpen({ type: 'socket-received', event }),
      onOver: ({ reason }) => dispatchIfOpen({ type: 'socket-over', reason }),
      onConnection: (isConnected) => dispatchIfOpen({ type: 'socket-changed', isConnected }),
    });
    stop = () => {
      isOpen = false;
      stopFollowing();
    };
  }

  return {
    open,
    close() {
      stop();
      stop = () => {};
    },
  };
}
