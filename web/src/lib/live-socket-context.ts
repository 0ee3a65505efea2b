import { createContext, useContext, useSyncExternalStore } from 'react';
import type { LiveSocket } from './live-socket.ts';

const NEVER: LiveSocket = { getState: () => 'waiting', subscribe: () => () => {} };

export const LiveSocketContext = createContext<LiveSocket>(NEVER);

/** The state of the subscription socket. Renders again when it connects or disconnects. */
export function useLiveSocket(): { state: ReturnType<LiveSocket['getState']>; isConnected: boolean } {
  const { subscribe, getState } = useContext(LiveSocketContext);
  const state = useSyncExternalStore(subscribe, getState);
  return { state, isConnected: state === 'up' };
}
