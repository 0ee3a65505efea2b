import { t } from '@lingui/core/macro';
import type { SessionWatcher, TokenSet } from '@curfew/client';

/** A sign-in whose cookie the browser did not keep. Its session has been ended. */
export class CookiesNeededError extends Error {
  override readonly name = 'CookiesNeededError';
}

export const cookiesNeeded = (): string =>
  t`Curfew needs cookies to keep you signed in: allow them for this site, then reload the page.`;

/** Whether this browser says that it keeps no cookies of the page. Those that deny cookies deny storage, too. */
export function areCookiesDenied(): boolean {
  try {
    return !navigator.cookieEnabled || localStorage === null;
  } catch {
    return true;
  }
}

const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Takes over the session of a sign-in in this page, if the browser has kept its cookie.
 * @throws CookiesNeededError it has not: the session would end at the next reload, and at the latest with its first token
 */
export async function beginSession(watcher: SessionWatcher, tokens: TokenSet): Promise<void> {
  if (!(await isCookieKept())) {
    await endSession(tokens.accessToken);
    throw new CookiesNeededError('The browser did not keep the cookie of the sign-in.');
  }
  watcher.begin(tokens);
}

/**
 * Asks for tokens with a `notAfter` long past: a refresh whose token came is refused as too late and changes nothing, one
 * without a token is refused with no reason. Where Curfew cannot be asked, or answers otherwise: kept.
 */
async function isCookieKept(): Promise<boolean> {
  try {
    const response = await askCurfew(
      'mutation AskForCookie { refreshSession(input: { notAfter: "1970-01-01T00:00:00Z" }) { accessTokenExpiresAt } }',
    );
    const { errors } = (await response.json()) as { errors?: { extensions?: Record<string, unknown> }[] };
    const refusal = errors?.[0]?.extensions;
    return refusal?.code !== 'INVALID_REFRESH_TOKEN' || refusal.reason !== undefined;
  } catch {
    return true;
  }
}

async function endSession(accessToken: string): Promise<void> {
  try {
    await askCurfew('mutation SignOutUnkept { logout { ended } }', {
      authorization: `Bearer ${accessToken}`,
    });
  } catch {
    // It expires by itself.
  }
}

const askCurfew = (query: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
