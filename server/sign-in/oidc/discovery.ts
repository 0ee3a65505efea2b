import * as openid from 'openid-client';
import { addSeconds, type Clock } from '../../clock.ts';
import { providerFault } from './provider-answers.ts';

/** How long a provider's own description is believed, and how soon it is asked again where it did not answer. */
const FRESH_SECONDS = 3_600;
const RETRY_SECONDS = 60;
export const PROVIDER_PATIENCE_SECONDS = 5;

export interface Discovery {
  /** The provider's metadata; every caller that waits at the same time waits for one answer. */
  read(): Promise<openid.ServerMetadata>;
}

/**
 * Reads the provider's metadata when it is first needed, and again when it is old; where that fails, what was read
 * before goes on. Nothing is asked when the server starts, so a provider that is down does not stop it.
 */
export function createDiscovery(
  { issuer, clientId }: { issuer: string; clientId: string },
  { clock }: { clock: Clock },
): Discovery {
  const isHttp = issuer.startsWith('http:');
  let known: { metadata: openid.ServerMetadata; freshUntil: Date } | null = null;
  let asking: Promise<openid.ServerMetadata> | null = null;

  async function ask(): Promise<openid.ServerMetadata> {
    const configuration = await openid.discovery(new URL(issuer), clientId, undefined, openid.None(), {
      timeout: PROVIDER_PATIENCE_SECONDS,
      ...(isHttp ? { execute: [openid.allowInsecureRequests] } : {}),
    });
    const metadata = configuration.serverMetadata();
    requireEndpoints(metadata, isHttp);
    return metadata;
  }

  async function refresh(): Promise<openid.ServerMetadata> {
    try {
      const metadata = await ask();
      known = { metadata, freshUntil: addSeconds(clock.now(), FRESH_SECONDS) };
      return metadata;
    } catch (error) {
      if (!known) throw error;
      known = { ...known, freshUntil: addSeconds(clock.now(), RETRY_SECONDS) };
      return known.metadata;
    } finally {
      asking = null;
    }
  }

  return {
    read: async () => (known && known.freshUntil > clock.now() ? known.metadata : (asking ??= refresh())),
  };
}

/** The browser is sent to one of these and the client's secret to another: neither goes to any other kind of address. */
function requireEndpoints(metadata: openid.ServerMetadata, isHttpAllowed: boolean): void {
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const) {
    const protocol = URL.parse(metadata[name] ?? '')?.protocol;
    if (protocol === 'https:' || (isHttpAllowed && protocol === 'http:')) continue;
    throw providerFault('OAUTH_INVALID_SERVER_METADATA');
  }
}
