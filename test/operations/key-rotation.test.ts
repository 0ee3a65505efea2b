import jwt from 'jsonwebtoken';
import { randomBytes, randomUUID } from 'node:crypto';
import { generateAccessKey, toAccessKey, toRefreshKey } from '../../server/tokens/signing-keys.ts';
import { createTestDatabase, onPostgres, type TestDatabase } from '../databases.ts';
import { createGraphQLClient, type GraphQLClient } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import { createManualClock, type ManualClock } from '../manual-clock.ts';
import { importSession } from '../refresh/session-rows.ts';
import { claimsOf, LOGIN, PASSWORD, REFRESH, type Person } from '../seed.ts';
import { findFreePort } from '../../server/http/free-port.ts';

const CURRENT_SESSION = '{ currentSession { id } }';
const SECOND = 1_000;
const DAY = 86_400 * SECOND;
/** As in docs/keys.md: the cache time of a verifier for published keys, and the lifetime of a token. */
const JWKS_CACHE = 300 * SECOND;
const TTL = 300 * SECOND;
const MAX_SESSION_MS = 90 * DAY;

/** One access token key and one refresh token secret. */
const createKeys = () => ({ access: generateAccessKey(), refresh: randomBytes(32).toString('base64url') });
type Keys = ReturnType<typeof createKeys>;

const kidOf = (token: string): string => jwt.decode(token, { complete: true })!.header.kid!;
const kidsOf = (keys: Keys): [access: string, refresh: string] => [
  toAccessKey(keys.access).kid,
  toRefreshKey(keys.refresh).kid,
];

interface Node extends GraphQLClient {
  app: TestApp;
  jwks(): Promise<string[]>;
}

onPostgres(() => {
  let database: TestDatabase;
  let clock: ManualClock;
  let publicUrl: string;
  let running: Node[];
  beforeEach(async () => {
    database = await createTestDatabase('postgresql');
    clock = createManualClock();
    publicUrl = `http://127.0.0.1:${await findFreePort()}`;
    running = [];
  });
  afterEach(async () => {
    for (const { app } of running) await app.close();
    await database.drop();
  });

  /** A node of the service, with these keys in this order. */
  async function start(...keys: Keys[]): Promise<Node> {
    const port = await findFreePort();
    const env = {
      PORT: String(port),
      PUBLIC_URL: publicUrl,
      ACCESS_TOKEN_PRIVATE_KEY: keys.map(({ access }) => access).join('\n'),
      REFRESH_TOKEN_SECRET: keys.map(({ refresh }) => refresh).join(','),
      SESSION_IDLE_MINUTES_DEFAULT: '43200',
      SESSION_ABSOLUTE_MINUTES_DEFAULT: '129600',
    };
    const app = await startApp({ sharedDatabase: database, clock, env });
    const url = `http://127.0.0.1:${port}`;
    const node = {
      app,
      ...createGraphQLClient(url),
      async jwks() {
        const { keys } = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as any;
        return keys.map(({ kid }: { kid: string }) => kid);
      },
    };
    running.push(node);
    return node;
  }

  async function stop(node: Node): Promise<void> {
    running = running.filter((other) => other !== node);
    await node.app.close();
  }

  /** A signed-in or imported client that keeps calling any node. */
  function client(refreshToken: string, accessToken?: string) {
    const held = { refreshToken, accessToken };
    const isAlive = (token: string | undefined): boolean =>
      token !== undefined && claimsOf(token).exp * SECOND > clock.now().getTime();
    async function call(node: Node): Promise<void> {
      const { errors } = await node.gql(CURRENT_SESSION, {}, { token: held.accessToken });
      expect(errors).toBeUndefined();
    }
    return {
      held,
      call,
      /** Uses its tokens on both nodes, refreshes on the first, and uses the new ones on both. */
      async goOn(first: Node, second: Node): Promise<void> {
        if (isAlive(held.accessToken)) for (const node of [first, second]) await call(node);
        const answer = await first.gql(REFRESH, { input: { refreshToken: held.refreshToken } });
        expect(answer.errors).toBeUndefined();
        held.refreshToken = answer.data.refreshSession.refreshToken;
        held.accessToken = answer.data.refreshSession.accessToken;
        for (const node of [first, second]) await call(node);
      },
    };
  }

  async function signIn(node: Node, { email }: Person) {
    const { data } = await node.gql(LOGIN, { input: { email, password: PASSWORD } });
    return client(data.login.refreshToken, data.login.accessToken);
  }

  /** An imported token, signed with the secret of `keys`. */
  async function importToken(node: Node, person: Person, keys: Keys) {
    const [jti, exp] = [randomUUID(), Math.floor((clock.now().getTime() + 30 * DAY) / SECOND)];
    await importSession({ database: node.app.database, clock }, person, jti, new Date(exp * SECOND));
    return client(
      jwt.sign({ sub: person.id, jti, type: 'refresh', exp }, keys.refresh, { noTimestamp: true }),
    );
  }

  test('keys rotate while clients refresh and call, on two nodes that restart in turn, without one error', async () => {
    const [old, fresh] = [createKeys(), createKeys()];
    const [oldKid, freshKid] = [kidsOf(old)[0], kidsOf(fresh)[0]];
    let one = await start(old);
    let two = await start(old);
    const { owner } = await one.app.seed.account();
    const clients = [await signIn(one, owner), await signIn(two, owner)];
    // One client stays away through it all, and an imported one calls late.
    const away = await signIn(one, owner);
    const imported = await importToken(one, owner, old);
    expect(await one.jwks()).toEqual([oldKid]);

    const goOn = async (): Promise<void> => {
      for (const each of clients) {
        await each.goOn(one, two);
        clock.advance(SECOND);
        await each.goOn(two, one);
        clock.advance(SECOND);
      }
    };
    const restart = async (...keys: Keys[]): Promise<void> => {
      await stop(one);
      one = await start(...keys);
      await goOn();
      await stop(two);
      two = await start(...keys);
      await goOn();
    };

    // 1. The new key comes last: published and accepted, but not signing yet.
    await restart(old, fresh);
    expect([await one.jwks(), await two.jwks()]).toEqual([
      [oldKid, freshKid],
      [oldKid, freshKid],
    ]);
    for (const { held } of clients)
      expect([kidOf(held.accessToken!), kidOf(held.refreshToken)]).toEqual(kidsOf(old));
    clock.advance(JWKS_CACHE + SECOND);
    await goOn();

    // 2. The new key comes first: it signs, and the old one is still accepted and published.
    await restart(fresh, old);
    expect([await one.jwks(), await two.jwks()]).toEqual([
      [freshKid, oldKid],
      [freshKid, oldKid],
    ]);
    for (const { held } of clients)
      expect([kidOf(held.accessToken!), kidOf(held.refreshToken)]).toEqual(kidsOf(fresh));
    clock.advance(10 * DAY);
    await away.goOn(one, two);
    await imported.goOn(two, one);
    clock.advance(TTL + SECOND);
    await goOn();

    // 3. The old key is dropped: a client that has refreshed since does not notice.
    await restart(fresh);
    expect([await one.jwks(), await two.jwks()]).toEqual([[freshKid], [freshKid]]);
    for (const each of [away, imported]) await each.goOn(one, two);
  });

  test('no session signed by the old key outlives the longest limit, so dropping the key ends none', async () => {
    const [old, fresh] = [createKeys(), createKeys()];
    const before = await start(old, fresh);
    const { owner } = await before.app.seed.account();
    const away = await signIn(before, owner);
    await stop(before);
    clock.advance(MAX_SESSION_MS + SECOND);
    const still = await start(fresh, old);
    const answer = await still.gql(REFRESH, { input: { refreshToken: away.held.refreshToken } });
    expect(answer.code).toBe('SESSION_EXPIRED_ABSOLUTE');
  });

  test('a key that is dropped early invalidates only its own tokens, with clean codes', async () => {
    const [old, fresh] = [createKeys(), createKeys()];
    const node = await start(old, fresh);
    const { owner } = await node.app.seed.account();
    const signedIn = await signIn(node, owner);
    const imported = await importToken(node, owner, old);
    await stop(node);

    const front = await start(fresh, old);
    const renewed = await signIn(front, owner);
    await stop(front);

    const after = await start(fresh);
    expect((await after.gql(CURRENT_SESSION, {}, { token: signedIn.held.accessToken })).extensions).toEqual({
      code: 'UNAUTHENTICATED',
    });
    for (const { held } of [signedIn, imported]) {
      const answer = await after.gql(REFRESH, { input: { refreshToken: held.refreshToken } });
      expect(answer.extensions).toEqual({ code: 'INVALID_REFRESH_TOKEN' });
    }
    await renewed.goOn(after, after);

    // Once restored, the old key makes its tokens valid again: none was taken for theft.
    const back = await start(fresh, old);
    await signedIn.goOn(back, back);
    await imported.goOn(back, back);
  });

  test('dropping the access token key alone signs no user out: clients refresh', async () => {
    const [old, fresh] = [createKeys(), createKeys()];
    const node = await start(old);
    const { owner } = await node.app.seed.account();
    const { held } = await signIn(node, owner);
    await stop(node);

    const after = await start({ access: fresh.access, refresh: old.refresh });
    expect((await after.gql(CURRENT_SESSION, {}, { token: held.accessToken })).code).toBe('UNAUTHENTICATED');
    await client(held.refreshToken).goOn(after, after);
  });

  test('a token that brings or links its own key is refused', async () => {
    const [own, theirs] = [createKeys(), createKeys()];
    const node = await start(own);
    const { owner } = await node.app.seed.account();
    const { held } = await signIn(node, owner);
    const jwk = toAccessKey(theirs.access).publicKey.export({ format: 'jwk' });
    for (const kid of [kidsOf(own)[0], kidsOf(theirs)[0], `${publicUrl}/keys`, '../key.pem', undefined]) {
      const header = {
        alg: 'ES256',
        typ: 'at+jwt',
        kid,
        jwk,
        jku: `${publicUrl}/keys`,
        x5u: `${publicUrl}/x`,
      };
      const token = jwt.sign(jwt.decode(held.accessToken!) as object, theirs.access, {
        algorithm: 'ES256',
        header: header as jwt.JwtHeader,
      });
      expect((await node.gql(CURRENT_SESSION, {}, { token })).code).toBe('UNAUTHENTICATED');
    }
    // With our own key such headers change nothing.
    const header = { alg: 'ES256', typ: 'at+jwt', kid: kidsOf(own)[0], jwk, jku: `${publicUrl}/keys` };
    const token = jwt.sign(jwt.decode(held.accessToken!) as object, own.access, {
      algorithm: 'ES256',
      header,
    });
    expect((await node.gql(CURRENT_SESSION, {}, { token })).errors).toBeUndefined();
  });
});
