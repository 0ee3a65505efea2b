import { type BrowserEnv, type TabChannel } from './browser-env.ts';
import { type Grant, type SessionEnding, type SessionFacts } from './session-state.ts';

/** What the tabs of one application tell each other: from memory to memory, never by way of storage. */
export type TabNews =
  /** A tab has opened and knows nothing yet. */
  | { kind: 'who-is-here' }
  /** The answer to that. */
  | { kind: 'session-here'; grant: Grant }
  /** `count` is how often this browser has renewed. */
  | { kind: 'renewed'; grant: Grant; count: number }
  | { kind: 'signed-in'; grant: Grant }
  | { kind: 'extended'; session: SessionFacts; knownAt: number }
  | { kind: 'dismissed'; sessionId: string; deadline: number }
  | { kind: 'over'; sessionId: string; ending: SessionEnding }
  /** Whether the end of this session, should it come now, is the user's own doing. */
  | { kind: 'leaving'; sessionId: string; isLeaving: boolean }
  /** The application's own. */
  | { kind: 'app'; message: { kind: string } };

export interface Tabs {
  post(news: TabNews): void;
  close(): void;
}

/** Grows when the messages change: during a deployment old and new pages live side by side. */
const VERSION = 1;

export function openTabs(
  env: Pick<BrowserEnv, 'openChannel'>,
  name: string,
  onNews: (news: TabNews) => void,
): Tabs {
  let channel: TabChannel | null = env.openChannel(name);
  channel?.listen((message) => {
    const { version, news } = (message ?? {}) as { version?: number; news?: TabNews };
    if (channel && version === VERSION && news) onNews(news);
  });
  return {
    post: (news) => channel?.post({ version: VERSION, news }),
    close() {
      channel?.close();
      channel = null;
    },
  };
}
