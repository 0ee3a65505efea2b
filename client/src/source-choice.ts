import { createApplicationSource } from './application-source.ts';
import { type BrowserEnv } from './browser-env.ts';
import { createCookieSource } from './cookie-source.ts';
import { type GrantSource } from './grant-source.ts';
import { createTransport, type Transport } from './transport.ts';
import { type WatcherOptions } from './watcher.ts';

/** The way to Curfew, and the source of its tokens, as the application has chosen. Its own tokens go without cookies. */
export function chooseSource(dependencies: {
  options: WatcherOptions;
  url: string;
  env: BrowserEnv;
  lastToken(): string | undefined;
  onOutcome(isReached: boolean): void;
}): { transport: Transport; source: GrantSource } {
  const { options, url, env, lastToken, onOutcome } = dependencies;
  const { getSessionAccessToken } = options;
  if (!getSessionAccessToken) {
    const transport = createTransport(url, env, 'same-origin', onOutcome);
    return { transport, source: createCookieSource(transport) };
  }
  const transport = createTransport(url, env, 'omit', onOutcome);
  const onSilence = (): void => onOutcome(false);
  return {
    transport,
    source: createApplicationSource({ transport, getSessionAccessToken, lastToken, onSilence }),
  };
}
