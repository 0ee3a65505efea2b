import { browserStorage, readJson } from './browser-storage.ts';

/** The last user of this browser and the limits, shown on the sign-in page. Contains no secret and proves nothing. */
export interface LastSignIn {
  email: string;
  idleMinutes: number;
  absoluteMinutes: number;
  idleWarningSeconds: number;
  absoluteWarningSeconds: number;
}

const KEY = 'curfew.last-sign-in';
const SHARED_KEY = 'curfew.shared-computer';

/** Remembers the user of a session, unless it is one on a shared computer. */
export function rememberSignIn(sessionId: string, signIn: LastSignIn): void {
  if (browserStorage.get(SHARED_KEY) === sessionId) return;
  browserStorage.set(KEY, JSON.stringify(signIn));
}

/** On a shared computer: no tab remembers the user of this session, nor the one of before. */
export function keepUnremembered(sessionId: string): void {
  forgetSignIn();
  browserStorage.set(SHARED_KEY, sessionId);
}

export function lastSignIn(): LastSignIn | null {
  const stored = readJson(browserStorage, KEY);
  return isSignIn(stored) ? stored : null;
}

export const forgetSignIn = (): void => browserStorage.remove(KEY);

/** Another version of this page may have stored another format. */
function isSignIn(stored: unknown): stored is LastSignIn {
  const { email, ...limits } = (stored ?? {}) as Record<string, unknown>;
  const { idleMinutes, absoluteMinutes, idleWarningSeconds, absoluteWarningSeconds } = limits;
  return (
    typeof email === 'string' &&
    [idleMinutes, absoluteMinutes, idleWarningSeconds, absoluteWarningSeconds].every(Number.isFinite)
  );
}
