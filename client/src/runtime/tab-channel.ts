import { type BrowserEnv, type TabChannel as RawChannel } from '../browser/browser-env.ts';
import { type TabEvent } from '../core/tab-event.ts';

export interface TabChannel {
  post(event: TabEvent): void;
  close(): void;
}

/** Grows when the events change: during a deployment old and new pages run side by side. Version 1 carried tokens. */
const VERSION = 2;

/** Opens the channel between the tabs of one application. Where channels are denied, the tab hears of no other. */
export function openTabChannel(
  env: Pick<BrowserEnv, 'openChannel'>,
  name: string,
  onEvent: (event: TabEvent) => void,
): TabChannel {
  let channel = openRaw(env, name);
  channel?.listen((message) => {
    const { version, news } = (message ?? {}) as { version?: number; news?: TabEvent };
    if (channel && version === VERSION && news) onEvent(news);
  });
  return {
    post(event) {
      try {
        channel?.post({ version: VERSION, news: event });
      } catch (error) {
        // The application's message is at fault. Anything else means that the channel is closed.
        if ((error as { name?: unknown } | null)?.name === 'DataCloneError') throw error;
      }
    },
    close() {
      channel?.close();
      channel = null;
    },
  };
}

function openRaw(env: Pick<BrowserEnv, 'openChannel'>, name: string): RawChannel | null {
  try {
    return env.openChannel(name);
  } catch {
    return null;
  }
}
