import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Configuration, Provider as OidcProvider } from 'oidc-provider';

/** Users of the provider, by the name that is typed at its sign-in page. */
export interface ProviderAccount {
  /** The subject; absent: the name. */
  sub?: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
}

/** Deviations of the provider; changed by assignment while it runs. */
export interface Misbehaviour {
  /** Extra or changed claims of the ID token; undefined removes one. */
  idTokenClaims?: Record<string, unknown>;
  /** Extra header fields of the ID token. */
  idTokenHeader?: Record<string, unknown>;
  /** Signs the ID token with a key that is not published. */
  wrongKey?: boolean;
  /** Lead of its clock, in seconds; negative: it is behind. */
  clockAheadSeconds?: number;
  /** Lifetime of its ID tokens. */
  idTokenSeconds?: number;
  /** Accepts the client's secret in the body only, against its own discovery. */
  isBasicRefused?: boolean;
  /** Key id under which the ID token's key is published from now on; the token names it. */
  keyId?: string;
  /** Extra or changed claims of the UserInfo answer; undefined removes one. */
  userInfoClaims?: Record<string, unknown>;
  /** Replaces the answer of the token endpoint. */
  tokenAnswer?: { status: number; body: unknown };
  /** Extra or changed answers of discovery. */
  metadata?: Record<string, unknown>;
}

export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** By name; more may be added while it runs. */
  readonly accounts: Record<string, ProviderAccount>;
  misbehaviour: Misbehaviour;
  /** Requests that the provider got: method and path, oldest first. */
  readonly requests: string[];
  /**
   * Walks the provider's pages like a browser, from `authorizationUrl` on, and returns the callback URL. `account`
   * null presses Cancel. Reuse a `jar` to stay signed in at the provider.
   */
  signIn(authorizationUrl: string, account: string | null, jar?: Jar): Promise<string>;
  /** An entry of `OIDC_PROVIDERS`. */
  settings(id: string, name?: string): Record<string, string>;
  /** Stops answering: connections are refused until `rise`. */
  fall(): Promise<void>;
  rise(): Promise<void>;
  close(): Promise<void>;
}

/** A browser's cookies at the provider. */
export type Jar = Map<string, string>;

export interface ProviderOptions {
  redirectUris: string[];
  accounts?: Record<string, ProviderAccount>;
  clientId?: string;
  clientSecret?: string;
  /** Client authentication method; no other is accepted. */
  clientAuthentication?: 'client_secret_basic' | 'client_secret_post';
  /** Profile and e-mail are in the UserInfo answer only, as the standard says for the code flow. */
  isProfileAtUserInfo?: boolean;
}

/** A real OpenID provider on a free loopback port, with one client and a plain sign-in page. */
export async function startProvider(options: ProviderOptions): Promise<TestProvider> {
  const { clientId = 'curfew-test', clientSecret = 'a secret: with/odd+characters %' } = options;
  const accounts = { ...options.accounts };
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;

  const keys = {
    own: await generateKeyPair('RS256', { extractable: true }),
    other: await generateKeyPair('RS256'),
  };
  const jwk = { ...(await exportJWK(keys.own.privateKey)), kid: 'own', alg: 'RS256', use: 'sig' };
  const publicJwk = { ...(await exportJWK(keys.own.publicKey)), alg: 'RS256', use: 'sig' };

  const self: TestProvider = {
    issuer,
    clientId,
    clientSecret,
    accounts,
    misbehaviour: {},
    requests,
    signIn: (authorizationUrl, account, jar = new Map()) => walk(authorizationUrl, account, jar, issuer),
    settings: (id, name = id) => ({ id, name, issuer, clientId, clientSecret }),
    fall: async () => {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    rise: () => listen(server, port),
    close: async () => {
      if (server.listening) await self.fall();
    },
  };

  const { Provider } = await import('oidc-provider');
  const provider = quietly(
    (): OidcProvider =>
      new Provider(issuer, {
        clients: [
          {
            client_id: clientId,
            client_secret: clientSecret,
            redirect_uris: options.redirectUris,
            token_endpoint_auth_method: options.clientAuthentication ?? 'client_secret_basic',
          },
        ],
        jwks: { keys: [jwk as never] },
        cookies: { keys: ['only for tests'] },
        claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
        conformIdTokenClaims: options.isProfileAtUserInfo ?? false,
        ttl: {
          IdToken: 3600,
          AccessToken: 3600,
          Interaction: 600,
          Session: 3600,
          Grant: 3600,
          AuthorizationCode: 60,
        },
        features: { devInteractions: { enabled: false } },
        interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
        findAccount: (_ctx, id) => {
          const account = Object.entries(accounts).find(([name, { sub }]) => (sub ?? name) === id)?.[1];
          return account && { accountId: id, claims: () => ({ ...account, sub: id }) };
        },
        // There is no consent page: the client is under test.
        loadExistingGrant: async (ctx) => {
          const { session, provider } = ctx.oidc;
          // The keys of an earlier tab stay valid: its code may still be on the way.
          const known = session!.grantIdFor(clientId);
          if (known !== undefined) return provider.Grant.find(known);
          const grant = new provider.Grant({ accountId: session!.accountId!, clientId });
          grant.addOIDCScope('openid email profile');
          await grant.save();
          return grant;
        },
      } satisfies Configuration),
  );

  provider.use(async (ctx, next) => {
    requests.push(`${ctx.method} ${ctx.path}`);
    const { tokenAnswer, metadata, isBasicRefused } = self.misbehaviour;
    if (ctx.path === '/token' && isBasicRefused && ctx.get('authorization') !== '') {
      ctx.status = 401;
      ctx.body = { error: 'invalid_client' };
      return;
    }
    if (ctx.path === '/token' && tokenAnswer) {
      ctx.status = tokenAnswer.status;
      ctx.body = tokenAnswer.body;
      return;
    }
    await next();
    if (ctx.path === '/.well-known/openid-configuration' && metadata) {
      ctx.body = { ...(ctx.body as object), ...metadata };
    }
    const { keyId, userInfoClaims } = self.misbehaviour;
    if (ctx.path === '/jwks' && keyId !== undefined) ctx.body = { keys: [{ ...publicJwk, kid: keyId }] };
    if (ctx.path === '/me' && userInfoClaims) ctx.body = { ...(ctx.body as object), ...userInfoClaims };
    const answer = ctx.body as { id_token?: string };
    if (ctx.path === '/token' && answer?.id_token) {
      ctx.body = { ...answer, id_token: await tampered(answer.id_token) };
    }
  });

  async function tampered(idToken: string): Promise<string> {
    const {
      idTokenClaims,
      idTokenHeader,
      wrongKey,
      clockAheadSeconds = 0,
      idTokenSeconds,
      keyId = 'own',
    } = self.misbehaviour;
    const claims = JSON.parse(Buffer.from(idToken.split('.')[1]!, 'base64url').toString());
    claims.iat += clockAheadSeconds;
    claims.exp += clockAheadSeconds;
    if (claims.auth_time !== undefined) claims.auth_time += clockAheadSeconds;
    if (idTokenSeconds !== undefined) claims.exp = claims.iat + idTokenSeconds;
    const key: CryptoKey = wrongKey ? keys.other.privateKey : keys.own.privateKey;
    return new SignJWT({ ...claims, ...idTokenClaims })
      .setProtectedHeader({ alg: 'RS256', kid: keyId, ...idTokenHeader })
      .sign(key, { crit: { 'https://example.test/x': true } });
  }

  const callback = provider.callback();
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // No connection outlives its answer, so none is found dead after a shutdown.
    response.setHeader('connection', 'close');
    const [, uid] = /^\/interaction\/([\w-]+)$/.exec(request.url ?? '') ?? [];
    if (uid === undefined) return callback(request, response);
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page(uid));
      return;
    }
    let form = '';
    for await (const chunk of request) form += chunk;
    const fields = new URLSearchParams(form);
    const name = fields.get('account') ?? '';
    const account = accounts[name];
    if (!fields.has('cancel') && !account) {
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end(page(uid, 'Unknown account.'));
      return;
    }
    const result = fields.has('cancel')
      ? { error: 'access_denied', error_description: 'The person pressed <Cancel>.' }
      : { login: { accountId: account!.sub ?? name } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
  server.on('request', (request, response) => {
    answer(request, response).catch((error: Error) => response.destroy(error));
  });

  return self;
}

const page = (uid: string, problem = ''): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in at the provider</title></head>
<body><main><h1>Sign in at the provider</h1><p role="alert">${problem}</p>
<form method="post" action="/interaction/${uid}">
<p><label>Account <input name="account" autocomplete="off"></label></p>
<p><button type="submit">Sign in</button> <button type="submit" name="cancel" value="yes">Cancel</button></p>
</form></main></body></html>`;

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', fail);
      done();
    });
  });

/** The package prints warnings about development settings. */
function quietly<T>(create: () => T): T {
  const { warn, info } = console;
  const silent = () => {};
  Object.assign(console, { warn: silent, info: silent });
  try {
    return create();
  } finally {
    Object.assign(console, { warn, info });
  }
}

const MAX_STEPS = 12;

async function walk(from: string, account: string | null, jar: Jar, issuer: string): Promise<string> {
  let url = from;
  let form: URLSearchParams | null = null;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const response: Response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      body: form,
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (value === '') jar.delete(name!);
      else jar.set(name!, value!);
    }
    const text = await response.text();
    const location = response.headers.get('location');
    if (location !== null) {
      url = new URL(location, url).href;
      form = null;
      if (!url.startsWith(`${issuer}/`)) return url;
      continue;
    }
    if (response.status !== 200 || form || !new URL(url).pathname.startsWith('/interaction/'))
      throw new Error(`The provider answered ${response.status} at ${url}: ${text.slice(0, 500)}`);
    form = new URLSearchParams(account === null ? { cancel: 'yes' } : { account });
  }
  throw new Error(`The provider did not come to an end: ${url}`);
}
