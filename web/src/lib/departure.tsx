import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';

interface Departure {
  /** The user has ended their own session on a page that still has something to say; the sign-in page waits for it. */
  isHeld: boolean;
  hold(isHeld: boolean): void;
}

const DepartureContext = createContext<Departure>({ isHeld: false, hold: () => {} });

export const useDeparture = (): Departure => useContext(DepartureContext);

export function DepartureProvider({ children }: { children: ReactNode }) {
  const [isHeld, hold] = useState(false);
  return <DepartureContext value={useMemo(() => ({ isHeld, hold }), [isHeld])}>{children}</DepartureContext>;
}
