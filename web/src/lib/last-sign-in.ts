/** Who signed in here last and under which limits: for the sign-in page. Nothing secret, and no proof of anything. */
export interface LastSignIn {
  email: string;
  idleMinutes: number;
  absoluteMinutes: number;
  idleWarningSeconds: number;
  absoluteWarningSeconds: number;
}

const KEY = 'curfew.last-sign-in';

export function rememberSignIn(signIn: LastSignIn): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(signIn));
  } catch {
    // Storage is full or not allowed; the sign-in page does without.
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
    // Nothing is remembered where storage is not allowed.
  }
}

/** Another version of this page may have written something else. */
function isSignIn(stored: unknown): stored is LastSignIn {
  const { email, ...limits } = (stored ?? {}) as Record<string, unknown>;
  const { idleMinutes, absoluteMinutes, idleWarningSeconds, absoluteWarningSeconds } = limits;
  return (
    typeof email === 'string' &&
    [idleMinutes, absoluteMinutes, idleWarningSeconds, absoluteWarningSeconds].every(Number.isFinite)
  );
}
