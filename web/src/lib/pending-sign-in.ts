import type { ConfirmationReason } from './identity-confirmation.ts';

/** A sign-in at an identity provider that this tab has started, for its return. Contains no secret. */
export interface PendingSignIn {
  provider: AuthProvider;
  /** The path to open after the sign-in. */
  next: string;
  /** The person said that others use this computer. Absent: no. */
  isShared?: boolean;
  /** The person has chosen sessions to end. Absent: no. */
  hasChosen?: boolean;
  /** The user is signed in, and confirms that it is them. Absent: they sign in. */
  confirmation?: PendingConfirmation;
}

export type PendingConfirmation =
  /** In a window of its own. `attempt` names it to the tab that waits for it. */
  | { place: 'window'; attempt: string }
  /** In the tab itself, which comes back to `next`. */
  | { place: 'tab'; reason: ConfirmationReason['kind'] };

export interface AuthProvider {
  id: string;
  name: string;
}

const KEY = 'curfew.pending-sign-in';

/**
 * Remembers the sign-in for one tab only, this one or the window that has just been opened: another tab may have started
 * one elsewhere.
 */
export function rememberPendingSignIn(pending: PendingSignIn, tab: Window = window): void {
  try {
    tab.sessionStorage.setItem(KEY, JSON.stringify(pending));
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
  const { provider, next, confirmation } = (stored ?? {}) as {
    provider?: Partial<AuthProvider> | null;
    next?: unknown;
    confirmation?: Record<string, unknown> | null;
  };
  return (
    [next, provider?.id, provider?.name].every((text) => typeof text === 'string') &&
    (confirmation === undefined ||
      typeof (confirmation?.place === 'window' ? confirmation.attempt : confirmation?.reason) === 'string')
  );
}
