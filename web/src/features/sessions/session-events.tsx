import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useMemo } from 'react';
import {
  SessionsEventsDocument,
  type SessionsEventsSubscription,
} from '../../generated/sessions-operations.ts';
import { useLiveSocket } from '../../lib/live-socket-context.ts';
import { useLiveEvents } from '../../lib/use-live-events.ts';

/** An event of one session of the account. Null: events may have been missed, so everything has to be read again. */
export type SessionEvent = SessionsEventsSubscription['accountSessions'] | null;

type Listener = (event: SessionEvent) => void;

interface SessionEvents {
  subscribe(listener: Listener): () => void;
  publish(event: SessionEvent): void;
}

const SessionEventsContext = createContext<SessionEvents>({ subscribe: () => () => {}, publish: () => {} });

/** Subscribes to the events of all sessions of the account and passes them on to its children. */
export function SessionEventsProvider({ children }: { children: ReactNode }) {
  const { isConnected } = useLiveSocket();
  const events = useMemo(createSessionEvents, []);
  const { publish } = events;
  useLiveEvents(SessionsEventsDocument, ({ accountSessions }) => publish(accountSessions));

  // Events that were sent while the socket was down are lost.
  useEffect(() => {
    if (isConnected) publish(null);
  }, [publish, isConnected]);

  return <SessionEventsContext value={events}>{children}</SessionEventsContext>;
}

function createSessionEvents(): SessionEvents {
  const listeners = new Set<Listener>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    publish: (event) => listeners.forEach((listener) => listener(event)),
  };
}

export function useSessionEvents(onEvent: Listener): void {
  const { subscribe } = useContext(SessionEventsContext);
  const listener = useEffectEvent(onEvent);
  useEffect(() => subscribe((event) => listener(event)), [subscribe]);
}

/** Publishes a change that this page made itself, without waiting for the socket. */
export const usePublishSessionEvent = (): SessionEvents['publish'] =>
  useContext(SessionEventsContext).publish;
