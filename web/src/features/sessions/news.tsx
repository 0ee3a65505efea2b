import { useApolloClient } from '@apollo/client/react';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useEffectEvent,
  useMemo,
  useState,
} from 'react';
import { useSession } from '@curfew/client/react';
import { SessionsNewsDocument, type SessionsNewsSubscription } from '../../generated/operations.ts';
import { useLiveSocket } from '../../lib/live-socket-context.ts';

/** What happened to a session of the account; null: anything may have, while nobody listened. */
export type News = SessionsNewsSubscription['accountSessions'] | null;

type Listener = (news: News) => void;

interface NewsDesk {
  listen(listener: Listener): () => void;
  tell(news: News): void;
}

const NewsContext = createContext<NewsDesk>({ listen: () => () => {}, tell: () => {} });

const AGAIN_AFTER_MS = 5_000;

/** Follows the account's sessions for everything inside. */
export function NewsProvider({ children }: { children: ReactNode }) {
  const client = useApolloClient();
  const { status } = useSession();
  const { isConnected } = useLiveSocket();
  const desk = useMemo(createNewsDesk, []);
  const { tell } = desk;
  const [attempt, setAttempt] = useState(0);
  const isFollowing = status === 'active';

  useEffect(() => {
    if (!isFollowing) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // The socket comes back by itself; what ends here was refused, or had no token to go with.
    const tryAgain = () => (timer = setTimeout(() => setAttempt((count) => count + 1), AGAIN_AFTER_MS));
    const subscription = client
      .subscribe({ query: SessionsNewsDocument, fetchPolicy: 'no-cache' })
      .subscribe({
        next: ({ data }) => (data ? tell(data.accountSessions) : tryAgain()),
        error: tryAgain,
      });
    return () => {
      clearTimeout(timer);
      subscription.unsubscribe();
    };
  }, [client, tell, isFollowing, attempt]);

  // Whatever was told while the socket was down went unheard.
  useEffect(() => {
    if (isConnected) tell(null);
  }, [tell, isConnected]);

  return <NewsContext value={desk}>{children}</NewsContext>;
}

function createNewsDesk(): NewsDesk {
  const listeners = new Set<Listener>();
  return {
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell: (news) => listeners.forEach((listener) => listener(news)),
  };
}

export function useNews(onNews: Listener): void {
  const { listen } = useContext(NewsContext);
  const hear = useEffectEvent(onNews);
  useEffect(() => listen((news) => hear(news)), [listen]);
}

/** What this page has done itself is news before the socket says so. */
export const useTellNews = (): NewsDesk['tell'] => useContext(NewsContext).tell;
