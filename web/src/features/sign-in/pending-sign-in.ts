/** A sign-in at an identity provider that this tab has started, for its return. Contains no secret. */
export interface PendingSignIn {
  provider: AuthProvider;
  /** The path to open after the sign-in. */
  next: string;
  /** The person said that others use this computer. */
  isShared: boolean;
  /** The person has chosen sessions to end. */
  hasChosen: boolean;
}

export interface AuthProvider {
  id: string;
  name: string;
}

const KEY = 'curfew.pending-sign-in';

/** Remembers the sign-in for this tab only: another tab may have started one elsewhere. */
export function rememberPendingSignIn(pending: PendingSignIn): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(pending));
  } catch {
    // Storage is full or not allowed; the sign-in then ends on the home page.
  }
}

export function pendingSignIn(): PendingSignIn | null {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    return isPendingSignIn(stored)
      ? { ...stored, isShared: stored.isShared === true, hasChosen: stored.hasChosen === true }
      : null;
  } catch {
    return null;
  }
}

export function clearPendingSignIn(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing is stored where storage is not allowed.
  }
}

/** Another version of this page may have stored another format. */
function isPendingSignIn(stored: unknown): stored is PendingSignIn {
  const { provider, next } = (stored ?? {}) as { provider?: Partial<AuthProvider> | null; next?: unknown };
  return [next, provider?.id, provider?.name].every((text) => typeof text === 'string');
}
