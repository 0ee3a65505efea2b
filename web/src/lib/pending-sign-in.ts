import { readJson, storageOf, tabStorage } from './browser-storage.ts';
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
  // Where nothing is stored, the sign-in ends on the home page.
  storageOf(() => tab.sessionStorage).set(KEY, JSON.stringify(pending));
}

export function pendingSignIn(): PendingSignIn | null {
  const stored = readJson(tabStorage, KEY);
  return isPendingSignIn(stored)
    ? { ...stored, isShared: stored.isShared === true, hasChosen: stored.hasChosen === true }
    : null;
}

export const clearPendingSignIn = (): void => tabStorage.remove(KEY);

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
