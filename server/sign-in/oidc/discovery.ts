import * as openid from 'openid-client';
import { addSeconds, type Clock } from '../../clock.ts';
import { providerProtocolError } from './provider-errors.ts';

/** How long a provider's metadata counts as fresh, and the pause before a retry after it failed to answer. */
const FRESH_SECONDS = 3_600;
const RETRY_SECONDS = 60;
export const PROVIDER_TIMEOUT_SECONDS = 5;

export interface Discovery {
  /** Returns the provider's metadata. Concurrent callers share one request. */
  read(): Promise<openid.ServerMetadata>;
}

/**
 * Reads the provider's metadata when it is first needed, and again when it is an hour old. If that fails, the metadata
 * read before stays in use. Nothing is requested when the server starts, so a provider that is down does not stop it.
 */
export function createDiscovery(
  { issuer, clientId }: { issuer: string; clientId: string },
  { clock }: { clock: Clock },
): Discovery {
  const isHttp = issuer.startsWith('http:');
  let known: { metadata: openid.ServerMetadata; freshUntil: Date } | null = null;
  let pending: Promise<openid.ServerMetadata> | null = null;

  async function request(): Promise<openid.ServerMetadata> {
    const configuration = await openid.discovery(new URL(issuer), clientId, undefined, openid.None(), {
      timeout: PROVIDER_TIMEOUT_SECONDS,
      ...(isHttp ? { execute: [openid.allowInsecureRequests] } : {}),
    });
    const metadata = configuration.serverMetadata();
    requireEndpoints(metadata, isHttp);
    return metadata;
  }

  async function refresh(): Promise<openid.ServerMetadata> {
    try {
      const metadata = await request();
      known = { metadata, freshUntil: addSeconds(clock.now(), FRESH_SECONDS) };
      return metadata;
    } catch (error) {
      if (!known) throw error;
      known = { ...known, freshUntil: addSeconds(clock.now(), RETRY_SECONDS) };
      return known.metadata;
    } finally {
      pending = null;
    }
  }

  return {
    read: async () => (known && known.freshUntil > clock.now() ? known.metadata : (pending ??= refresh())),
  };
}

/** The browser is sent to one of these endpoints and the client's secret to another, so all must use https. */
function requireEndpoints(metadata: openid.ServerMetadata, isHttpAllowed: boolean): void {
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const) {
    const protocol = URL.parse(metadata[name] ?? '')?.protocol;
    if (protocol === 'https:' || (isHttpAllowed && protocol === 'http:')) continue;
    throw providerProtocolError('OAUTH_INVALID_SERVER_METADATA');
  }
}
