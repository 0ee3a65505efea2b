import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';

interface DeferredRedirect {
  /** True while the page stays after its own session has ended, so that the result can be read. */
  isDeferred: boolean;
  defer(isDeferred: boolean): void;
}

const DeferredRedirectContext = createContext<DeferredRedirect>({ isDeferred: false, defer: () => {} });

/** Defers the redirect to the sign-in page that follows the end of the session. */
export const useDeferredRedirect = (): DeferredRedirect => useContext(DeferredRedirectContext);

export function DeferredRedirectProvider({ children }: { children: ReactNode }) {
  const [isDeferred, defer] = useState(false);
  return (
    <DeferredRedirectContext value={useMemo(() => ({ isDeferred, defer }), [isDeferred])}>
      {children}
    </DeferredRedirectContext>
  );
}
