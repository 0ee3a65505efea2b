/** The sign-in of this page. Kept in memory only, so that it is lost with the page. */
export type SignIn =
  | { kind: 'out'; note: string | null }
  | {
      kind: 'in';
      accessToken: string;
      /** Null when it was not selected, 'cookie' when the browser holds it. */
      refreshToken: string | 'cookie' | null;
      sessionId: string;
      email: string | null;
      /** On this computer's clock: the time of the response plus the lifetime of the token. */
      expiresAt: number;
    }
  | ({ kind: 'shared' } & SharedSignIn);

/** The dashboard's sign-in, which this page uses beside the dashboard. */
export interface SharedSignIn {
  email: string;
  sessionId: string;
  /** A token that is good now, and not the refused one. Null: the session is over. Rejects when that is not known. */
  getAccessToken(refused?: string): Promise<string | null>;
  /** Rejects as the watcher of the kit does. */
  reauthenticate(password: string): Promise<void>;
  /** Stops using it. The session goes on. */
  stop(): void;
}

/** The fields of an AuthPayload that the user selected. */
export interface AuthSelection {
  accessToken?: unknown;
  refreshToken?: unknown;
  user?: { email?: unknown } | null;
}

let current: SignIn = { kind: 'out', note: null };
const listeners = new Set<() => void>();

function set(next: SignIn): void {
  if (current.kind === 'shared' && next.kind !== 'shared') current.stop();
  current = next;
  for (const listener of listeners) listener();
}

export const signIn = {
  get: () => current,

  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },

  share(shared: SharedSignIn): void {
    set({ kind: 'shared', ...shared });
  },

  forget(note: string | null = null): void {
    set({ kind: 'out', note });
  },

  /** Stores a result of login, setPassword, completeOAuthLogin, refreshSession or reauthenticate. */
  remember(selection: AuthSelection): void {
    const claims = typeof selection.accessToken === 'string' ? readClaims(selection.accessToken) : null;
    if (!claims) {
      // The refresh token was rotated and its successor is unknown. Sending the old one again would count as reuse.
      if (current.kind === 'in') set({ ...current, refreshToken: null });
      return;
    }
    // Ignores tokens for another API.
    if (claims.aud !== 'curfew') return;
    const email = typeof selection.user?.email === 'string' ? selection.user.email : null;
    const sameSession = current.kind === 'in' && current.sessionId === claims.sid ? current : null;
    set({
      kind: 'in',
      accessToken: selection.accessToken as string,
      refreshToken: refreshTokenOf(selection),
      sessionId: claims.sid,
      email: email ?? sameSession?.email ?? null,
      expiresAt: Date.now() + (claims.exp - claims.iat) * 1000,
    });
  },

  setEmail(sessionId: string, email: string): void {
    if (current.kind === 'in' && current.sessionId === sessionId) set({ ...current, email });
  },
};

function refreshTokenOf(selection: AuthSelection): string | null {
  if (typeof selection.refreshToken === 'string') return selection.refreshToken;
  return selection.refreshToken === null ? 'cookie' : null;
}

function readClaims(token: string): { sid: string; aud: string; iat: number; exp: number } | null {
  try {
    const payload = token.split('.')[1] ?? '';
    const text = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    return JSON.parse(text) as { sid: string; aud: string; iat: number; exp: number };
  } catch {
    return null;
  }
}
