import { ReauthenticationError } from '../core/errors.ts';
import { createSessionWatcher } from '../session-watcher.ts';
import { type SessionAccessToken } from '../tokens/session-access-token.ts';
import { type SessionWatcher, type WatcherOptions } from '../watcher.ts';

/** The attributes with addresses, relative to the document. Without `curfew-url`: where Curfew served this module from. */
export const ADDRESSES = ['curfew-url', 'token-url', 'reauthentication-url', 'sign-out-url'] as const;

type Address = (typeof ADDRESSES)[number];

/**
 * Creates the watcher of an element by its attributes. It is not started yet.
 * @param servedFrom null: not from Curfew
 * @throws Error that names the attribute that is missing or no address
 */
export function createOwnWatcher(element: Element, servedFrom: string | null): SessionWatcher {
  const curfewUrl = element.getAttribute('curfew-url') ?? servedFrom;
  const tokenUrl = resolveHere(element, 'token-url');
  if (tokenUrl && curfewUrl === null) throw new Error('Set curfew-url to the address of Curfew.');
  const curfew = resolve('curfew-url', curfewUrl ?? '/');
  if (!curfew.pathname.endsWith('/')) curfew.pathname += '/';
  if (!tokenUrl && curfew.origin !== self.origin)
    throw new Error(`Set token-url, or watcher by script: the page is not at ${curfew.origin}.`);

  const options: WatcherOptions = { url: new URL('graphql', curfew).href };
  if (tokenUrl) {
    options.getSessionAccessToken = async ({ signal }) =>
      tokenIn(tokenUrl, await post(tokenUrl, undefined, signal));
    const confirmAt = resolveHere(element, 'reauthentication-url');
    if (confirmAt)
      options.onReauthenticate = async (credentials, { signal }) => {
        const response = await post(confirmAt, credentials, signal);
        if (response.status === 401) return null;
        if (response.status === 429)
          throw new ReauthenticationError('RATE_LIMITED', { retryAfterSeconds: retryAfter(response) });
        return tokenIn(confirmAt, response);
      };
  }
  const signOutUrl = resolveHere(element, 'sign-out-url');
  if (signOutUrl) options.onSignOut = async () => assertOk(await post(signOutUrl));
  return createSessionWatcher(options);
}

function resolve(attribute: Address, address: string): URL {
  try {
    return new URL(address, document.baseURI);
  } catch {
    throw new Error(`${attribute} is not an address: ${address}`);
  }
}

/**
 * An address of the page's own origin. Another one gets no cookie, so it could not tell whose session it is about; and a
 * password must not go to where an attribute or a `<base>` that someone smuggled into the page leads. Null: none is given.
 */
function resolveHere(element: Element, attribute: Address): URL | null {
  const address = element.getAttribute(attribute);
  if (address === null) return null;
  const url = resolve(attribute, address);
  if (url.origin !== self.origin)
    throw new Error(`${attribute} has to be at the origin of the page: ${url.href}`);
  return url;
}

const post = (address: URL, body?: object, signal?: AbortSignal): Promise<Response> =>
  fetch(address, {
    method: 'POST',
    cache: 'no-store',
    headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
    signal,
  });

/** Only a 200 with `null` says that no one is signed in. All else is an error, so that it is asked again. */
async function tokenIn({ href }: URL, response: Response): Promise<SessionAccessToken | null> {
  assertOk(response);
  try {
    return (await response.json()) as SessionAccessToken | null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { url, headers } = response;
    // Where it came from tells of a redirect, such as to a page for the sign-in.
    const from = url === href ? '' : ` from ${url}`;
    throw new SyntaxError(`${href} answered with ${headers.get('content-type')}${from}.`);
  }
}

function assertOk({ ok, status, url }: Response): void {
  if (!ok) throw new Error(`${url} answered with status ${status}.`);
}

/** Seconds, or null where the answer has none. `Retry-After` may also be a date, which is rounded up. */
function retryAfter({ headers }: Response): number | null {
  const value = headers.get('retry-after') ?? '';
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - Date.now()) / 1000);
  return seconds >= 0 ? seconds : null;
}
