import { type BrowserEnv, type TabChannel as RawChannel } from '../browser/browser-env.ts';
import { type TabEvent } from '../core/tab-event.ts';

export interface TabChannel {
  post(event: TabEvent): void;
  close(): void;
}

/** Grows when the events change: during a deployment old and new pages run side by side. Version 1 carried tokens. */
const VERSION = 2;

/** Opens the channel between the tabs of one application. */
export function openTabChannel(
  env: Pick<BrowserEnv, 'openChannel'>,
  name: string,
  onEvent: (event: TabEvent) => void,
): TabChannel {
  let channel: RawChannel | null = env.openChannel(name);
  channel?.listen((message) => {
    const { version, news } = (message ?? {}) as { version?: number; news?: TabEvent };
    if (channel && version === VERSION && news) onEvent(news);
  });
  return {
    post: (event) => channel?.post({ version: VERSION, news: event }),
    close() {
      channel?.close();
      channel = null;
    },
  };
}
