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
  try {
    if (localStorage.getItem(SHARED_KEY) === sessionId) return;
    localStorage.setItem(KEY, JSON.stringify(signIn));
  } catch {
    // Storage is full or not allowed; the sign-in page works without it.
  }
}

/** On a shared computer: no tab remembers the user of this session, nor the one of before. */
export function keepUnremembered(sessionId: string): void {
  forgetSignIn();
  try {
    localStorage.setItem(SHARED_KEY, sessionId);
  } catch {
    // Storage is full or not allowed, and so is remembering.
  }
}

export function lastSignIn(): LastSignIn | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return isSignIn(stored) ? stored : null;
  } catch {
    return null;
  }
}

export function forgetSignIn(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing is stored where storage is not allowed.
  }
}

/** Another version of this page may have stored another format. */
function isSignIn(stored: unknown): stored is LastSignIn {
  const { email, ...limits } = (stored ?? {}) as Record<string, unknown>;
  const { idleMinutes, absoluteMinutes, idleWarningSeconds, absoluteWarningSeconds } = limits;
  return (
    typeof email === 'string' &&
    [idleMinutes, absoluteMinutes, idleWarningSeconds, absoluteWarningSeconds].every(Number.isFinite)
  );
}
