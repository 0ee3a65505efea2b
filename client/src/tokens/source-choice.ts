import { type BrowserEnv } from '../browser/browser-env.ts';
import { type Occurrence } from '../core/events.ts';
import { toServerTime } from '../core/server-clock.ts';
import { type WatcherState } from '../core/state.ts';
import { createTransport, type Transport } from '../runtime/transport.ts';
import { type WatcherOptions } from '../watcher.ts';
import { createApplicationSource } from './application-source.ts';
import { createCookieSource } from './cookie-source.ts';
import { type TokenSource } from './token-source.ts';

/** Creates the token source that the options ask for. With the application's tokens no cookie is sent. */
export function chooseSource(dependencies: {
  options: Pick<WatcherOptions, 'getSessionAccessToken' | 'onReauthenticate'>;
  url: string;
  env: BrowserEnv;
  getState(): WatcherState;
  dispatch(occurrence: Occurrence): void;
}): { transport: Transport; source: TokenSource } {
  const { options, url, env, getState, dispatch } = dependencies;
  const { getSessionAccessToken, onReauthenticate } = options;
  const onOutcome = (isReached: boolean): void => dispatch({ type: 'request-settled', isReached });
  if (!getSessionAccessToken) {
    const transport = createTransport(url, env, 'same-origin', onOutcome);
    const source = createCookieSource(transport, {
      now: () => toServerTime(getState().clock, env.now()),
      isKnown: () => getState().clock.isKnown,
      measure: (reading) => dispatch({ type: 'clock-measured', ...reading }),
    });
    return { transport, source };
  }
  const transport = createTransport(url, env, 'omit', onOutcome);
  const source = createApplicationSource({
    transport,
    getSessionAccessToken,
    onReauthenticate,
    lastToken: () => getState().token?.value,
    onUnavailable: () => onOutcome(false),
  });
  return { transport, source };
}
