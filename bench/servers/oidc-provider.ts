import { exportJWK, generateKeyPair } from 'jose';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider, type Adapter, type AdapterPayload } from 'oidc-provider';

// node oidc-provider with rotating refresh tokens from GET /start, in its cheapest configuration: all data in a Map of this
// process (its own memory adapter keeps only a thousand entries), a public client, opaque access tokens, and one signature
// per refresh, that of the ID token, as Curfew makes one of the access token. ALGORITHM: RS256, the default of OpenID
// Connect and the provider, or ES256, which is Curfew's and costs a tenth.

const entries = new Map<string, AdapterPayload>();

/** Implements only the parts that a refresh needs. */
function createAdapter(model: string): Adapter {
  const keyOf = (id: string): string => `${model}:${id}`;
  return {
    upsert: async (id, payload) => void entries.set(keyOf(id), payload),
    find: async (id) => entries.get(keyOf(id)),
    consume: async (id) => void (entries.get(keyOf(id))!.consumed = Math.floor(Date.now() / 1000)),
    destroy: async (id) => void entries.delete(keyOf(id)),
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    revokeByGrantId: async () => {},
  };
}

const CLIENT = 'bench';
const SCOPE = 'openid offline_access';

// The provider warns about development settings at its start.
console.warn = () => {};
console.info = () => {};
const server = createServer();
await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const algorithm = process.env.ALGORITHM as 'RS256' | 'ES256';
const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
const provider = new Provider(url, {
  adapter: createAdapter,
  clients: [
    {
      client_id: CLIENT,
      redirect_uris: [`${url}/callback`],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
      id_token_signed_response_alg: algorithm,
    },
  ],
  jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'bench', alg: algorithm, use: 'sig' } as never] },
  cookies: { keys: ['bench only'] },
  rotateRefreshToken: true,
  ttl: { AccessToken: 300, IdToken: 300, RefreshToken: 86_400, Grant: 86_400 },
  features: { devInteractions: { enabled: false } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
});

/** Creates the grant and the refresh token of a completed sign-in. */
async function start(accountId: string): Promise<string> {
  const client = (await provider.Client.find(CLIENT))!;
  const grant = new provider.Grant({ accountId, clientId: CLIENT });
  grant.addOIDCScope(SCOPE);
  const grantId = await grant.save();
  const authTime = Math.floor(Date.now() / 1000);
  const token = { accountId, client, grantId, scope: SCOPE, gty: 'authorization_code', authTime, claims: {} };
  return new provider.RefreshToken(token as never).save();
}

const callback = provider.callback();
let started = 0;
server.on('request', (request, response) => {
  if (request.url !== '/start') return void callback(request, response);
  start(`user-${(started += 1)}`).then(
    (token) => response.end(token),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
console.log(`listening at ${url}`);
process.once('SIGTERM', () => process.exit(0));
