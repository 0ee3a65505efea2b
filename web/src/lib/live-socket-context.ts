import { createContext, useContext, useSyncExternalStore } from 'react';
import type { LiveSocket } from './live-socket.ts';

const NEVER: LiveSocket = { getState: () => 'waiting', subscribe: () => () => {} };

export const LiveSocketContext = createContext<LiveSocket>(NEVER);

/** Renders again when the socket of the subscriptions comes up or goes down. */
export function useLiveSocket(): { state: ReturnType<LiveSocket['getState']>; isConnected: boolean } {
  const { subscribe, getState } = useContext(LiveSocketContext);
  const state = useSyncExternalStore(subscribe, getState);
  return { state, isConnected: state === 'up' };
}
