import { type ServerClock } from './server-clock.ts';
import { factsOf, type SessionRecord, timestamp } from './session-record.ts';
import { type Grant, type SessionEnding, type SessionFacts } from './session-state.ts';
import { type TabNews } from './tabs.ts';
import { type TabMessage } from './watcher.ts';

/** What the news of another tab means here. */
export interface TabSync {
  hear(news: TabNews): void;
  /** What the application itself sends. Returns how to stop listening. */
  onMessage(listener: (message: TabMessage) => void): () => void;
}

export function createTabSync(dependencies: {
  record: SessionRecord;
  clock: ServerClock;
  hasSession(): boolean;
  /** Whether the access token at hand is worth handing on. */
  hasGoodToken(): boolean;
  post(news: TabNews): void;
  accept(grant: Grant): void;
  learn(session: SessionFacts, knownAt: number): void;
  dismiss(deadline: number): void;
  end(ending: SessionEnding): void;
  expectEnd(sessionId: string | null): void;
  onRenewed(count: number): void;
}): TabSync {
  const { record, clock, hasSession, hasGoodToken, post, accept, learn, dismiss, end } = dependencies;
  const { facts } = record;
  const messageListeners = new Set<(message: TabMessage) => void>();
  const isWatched = (sessionId: string): boolean => sessionId === facts.session?.id;

  function share(): void {
    const { session, user, token } = facts;
    if (!session || !user || !token || !hasSession() || !hasGoodToken()) return;
    const grant = {
      accessToken: token.value,
      accessTokenExpiresAt: timestamp(token.expiresAt),
      serverTime: timestamp(clock.now()),
      session: factsOf(session),
      user,
    };
    post({ kind: 'session-here', grant });
  }

  function take(grant: Grant): void {
    clock.hear(Date.parse(grant.serverTime));
    accept(grant);
  }

  function hear(news: TabNews): void {
    switch (news.kind) {
      case 'who-is-here':
        return share();
      case 'session-here':
        return hasSession() ? undefined : take(news.grant);
      case 'signed-in':
        return take(news.grant);
      case 'renewed':
        take(news.grant);
        return dependencies.onRenewed(news.count);
      case 'extended':
        return learn(news.session, news.knownAt);
      case 'dismissed':
        return isWatched(news.sessionId) ? dismiss(news.deadline) : undefined;
      case 'over':
        return isWatched(news.sessionId) ? end(news.ending) : undefined;
      case 'leaving':
        return isWatched(news.sessionId)
          ? dependencies.expectEnd(news.isLeaving ? news.sessionId : null)
          : undefined;
      case 'app':
        return messageListeners.forEach((listener) => listener(news.message));
      default:
        // From a newer version of the page, perhaps.
        return news satisfies never;
    }
  }

  return {
    hear,
    onMessage(listener) {
      messageListeners.add(listener);
      return () => messageListeners.delete(listener);
    },
  };
}
