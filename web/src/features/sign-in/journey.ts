/** Whom this tab went to for signing in, and where it wanted to go: for when it comes back. Nothing of it is secret. */
export interface Journey {
  provider: AuthProvider;
  /** A path of the dashboard. */
  next: string;
}

export interface AuthProvider {
  id: string;
  name: string;
}

const KEY = 'curfew.journey';

/** For this tab alone: another one may be on its way elsewhere. */
export function rememberJourney(journey: Journey): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(journey));
  } catch {
    // Storage is full or not allowed; the way back ends on the home page.
  }
}

export function lastJourney(): Journey | null {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    return isJourney(stored) ? stored : null;
  } catch {
    return null;
  }
}

export function forgetJourney(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing is remembered where storage is not allowed.
  }
}

/** Another version of this page may have written something else. */
function isJourney(stored: unknown): stored is Journey {
  const { provider, next } = (stored ?? {}) as { provider?: Partial<AuthProvider> | null; next?: unknown };
  return [next, provider?.id, provider?.name].every((text) => typeof text === 'string');
}
