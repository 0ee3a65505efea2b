/** What the page knows about its own sign-in. It lives in this module's memory and is gone with the page. */
export type SignIn =
  | { kind: 'out'; note: string | null }
  | {
      kind: 'in';
      accessToken: string;
      /** Null where the answer did not show it, and 'cookie' where the browser holds it. */
      refreshToken: string | 'cookie' | null;
      sessionId: string;
      email: string | null;
      /** In this computer's time: the moment of the answer plus the token's own lifetime. */
      expiresAt: number;
    };

/** The fields of an AuthPayload that the user happened to select. */
export interface AuthAnswer {
  accessToken?: unknown;
  refreshToken?: unknown;
  user?: { email?: unknown } | null;
}

let current: SignIn = { kind: 'out', note: null };
const listeners = new Set<() => void>();

function become(next: SignIn): void {
  current = next;
  for (const listener of listeners) listener();
}

export const signIn = {
  get: () => current,

  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },

  forget(note: string | null = null): void {
    become({ kind: 'out', note });
  },

  /** An answer to login, setPassword, completeOAuthLogin or refreshSession. */
  remember(answer: AuthAnswer): void {
    const claims = typeof answer.accessToken === 'string' ? readClaims(answer.accessToken) : null;
    if (!claims) {
      // The refresh token was used and its successor is unknown. Presenting the old one again would look like theft.
      if (current.kind === 'in') become({ ...current, refreshToken: null });
      return;
    }
    // A token made for another API is no use here.
    if (claims.aud !== 'curfew') return;
    const email = typeof answer.user?.email === 'string' ? answer.user.email : null;
    const sameSession = current.kind === 'in' && current.sessionId === claims.sid ? current : null;
    become({
      kind: 'in',
      accessToken: answer.accessToken as string,
      refreshToken: refreshTokenOf(answer),
      sessionId: claims.sid,
      email: email ?? sameSession?.email ?? null,
      expiresAt: Date.now() + (claims.exp - claims.iat) * 1000,
    });
  },

  nameIs(sessionId: string, email: string): void {
    if (current.kind === 'in' && current.sessionId === sessionId) become({ ...current, email });
  },
};

function refreshTokenOf(answer: AuthAnswer): string | null {
  if (typeof answer.refreshToken === 'string') return answer.refreshToken;
  return answer.refreshToken === null ? 'cookie' : null;
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
