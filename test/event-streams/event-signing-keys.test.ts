import { calculateJwkThumbprint, type JWK } from 'jose';
import jwt from 'jsonwebtoken';
import { sql } from 'kysely';
import { createPublicKey } from 'node:crypto';
import type { Database } from '../../server/database/database.ts';
import {
  createEventSigningKeys,
  type EventSigningKeys,
} from '../../server/event-streams/event-signing-keys.ts';
import { createSecretBox } from '../../server/event-streams/secret-box.ts';
import { toRefreshKey } from '../../server/tokens/signing-keys.ts';
import { LOGOUT } from '../accounts/account-calls.ts';
import { createTestDatabase, onEachDatabase, USUAL_DATABASE, type TestDatabase } from '../databases.ts';
import { hangable, type HangingDatabase } from '../hanging-database.ts';
import { startApp, type TestApp } from '../harness.ts';
import { collectLog } from '../log-lines.ts';
import { createManualClock, type ManualClock } from '../manual-clock.ts';
import { runCommand } from '../operations/admin-commands.ts';
import { connectKit } from '../client/server-kit.ts';
import { introspect } from '../service-api/endpoint-calls.ts';
import { claimsOf } from '../seed.ts';
import { advanceUntil, createStream, PRIVATE } from './stream-calls.ts';
import { SET, startTokenReceiver } from './token-receiver.ts';

const HOUR = 3_600_000;
const box = (...secrets: string[]) =>
  createSecretBox(secrets.map((secret) => toRefreshKey(secret.repeat(40))));
const kidsOf = async (keys: EventSigningKeys) => (await keys.published()).map((key: any) => key.kid);

onEachDatabase((kind) => {
  let testDatabase: TestDatabase;
  let database: Database;
  let clock: ManualClock;
  beforeAll(async () => {
    testDatabase = await createTestDatabase(kind);
    database = await testDatabase.open();
  });
  beforeEach(async () => {
    clock = createManualClock();
    await sql`delete from event_signing_keys`.execute(database.em().getKysely());
  });
  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  const log = collectLog();
  /** A node that has just started, with these secrets. */
  const node = (...secrets: string[]) =>
    createEventSigningKeys({ database, clock, logger: log.logger, secretBox: box(...secrets) });
  const rows = async () => {
    const { rows } = await sql<{ kid: string; private_key: string }>`
      select kid, private_key from event_signing_keys`.execute(database.em().getKysely());
    return rows;
  };
  const rotate = (...flags: string[]) =>
    runCommand({ database, clock, url: 'http://x', config: {} as any }, 'rotate-event-key', ...flags);

  test('nodes that use it first at the same time have one key, which others find', async () => {
    expect(await node('a').published()).toEqual([]);
    const nodes = [node('a'), node('a'), node('a')];
    const signing = await Promise.all(nodes.map((each) => each.signing()));
    expect(new Set(signing.map(({ kid }) => kid)).size).toBe(1);
    expect(await rows()).toHaveLength(1);
    expect((await node('a').signing()).kid).toBe(signing[0]!.kid);
    const [published] = (await node('a').published()) as JWK[];
    expect(published).toEqual({
      kty: 'RSA',
      n: expect.any(String),
      e: 'AQAB',
      use: 'sig',
      alg: 'RS256',
      kid: signing[0]!.kid,
    });
    expect(await calculateJwkThumbprint(published!)).toBe(published!.kid);
    expect(Buffer.from(published!.n!, 'base64url')).toHaveLength(256);
    expect(JSON.stringify(await rows())).not.toContain('PRIVATE');
  });

  test('a new refresh secret seals it again, and the old one can go', async () => {
    const { kid } = await node('a').signing();
    expect((await node('b', 'a').signing()).kid).toBe(kid);
    await node('b', 'a').tidy();
    expect((await node('b').signing()).kid).toBe(kid);
  });

  test('a key whose secret is gone is replaced, and stays published', async () => {
    const { kid } = await node('a').signing();
    const nodes = [node('c'), node('c')];
    const made = await Promise.all(nodes.map((each) => each.signing()));
    expect(made[0]!.kid).not.toBe(kid);
    expect(made[1]!.kid).toBe(made[0]!.kid);
    expect(await kidsOf(node('c'))).toEqual([made[0]!.kid, kid]);
    expect(log.text()).toContain('sealed with a secret that is gone');
  });

  test('after a rotation the new key is published five minutes before it signs, and the old one for 48 hours', async () => {
    expect(await rotate()).toContain('There is no key');
    const { kid: old } = await node('a').signing();
    expect(await rotate()).toContain(old);
    await node('a').tidy();
    const [next, ...others] = await kidsOf(node('a'));
    expect(others).toEqual([old]);
    expect((await node('a').signing()).kid).toBe(old);
    clock.advance(300_000 - 1);
    expect((await node('a').signing()).kid).toBe(old);
    clock.advance(1);
    expect((await node('a').signing()).kid).toBe(next);
    clock.advance(48 * HOUR - 300_000 - 1);
    expect(await kidsOf(node('a'))).toEqual([next, old]);
    clock.advance(1);
    expect(await kidsOf(node('a'))).toEqual([next]);
    await node('a').tidy();
    expect(await rows()).toHaveLength(1);
  });

  test('a key that has leaked is withdrawn at once', async () => {
    const { kid } = await node('a').signing();
    expect(await rotate('--leaked')).toContain('1 withdrawn');
    expect(await kidsOf(node('a'))).toEqual([]);
    expect((await node('a').signing()).kid).not.toBe(kid);
  });
});

describe('of a running node', () => {
  let app: TestApp;
  let database: HangingDatabase;
  beforeAll(async () => {
    app = await startApp({
      database: USUAL_DATABASE,
      env: PRIVATE,
      wrapDatabase: (real) => (database = hangable(real)),
    });
  });
  afterAll(() => app.close());

  const jwks = async (): Promise<any[]> =>
    ((await (await fetch(`${app.url}/.well-known/jwks.json`)).json()) as any).keys;

  test('the keys of access tokens come first, also while the database gives no answer', async () => {
    expect((await jwks()).map(({ alg }) => alg)).toEqual(['ES256']);
    const owner = await (await app.seed.account()).owner.login();
    await createStream(owner, { kind: 'SSF_PUSH', url: 'http://127.0.0.1:1/' });
    // Published before the first event.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const keys = await jwks();
    expect(keys.map(({ alg, use }) => [alg, use])).toEqual([
      ['ES256', 'sig'],
      ['RS256', 'sig'],
    ]);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    database.hang();
    try {
      const asked = performance.now();
      expect(await jwks()).toEqual(keys);
      expect(await jwks()).toEqual(keys);
      expect(performance.now() - asked).toBeLessThan(1_500);
    } finally {
      database.restore();
    }
  });

  test('no token that the key has signed, or could be confused with, lets anyone in', async () => {
    const account = await app.seed.account();
    const owner = await account.owner.login();
    const receiver = await startTokenReceiver(SET, { issuer: app.url });
    await createStream(owner, { kind: 'SSF_PUSH', url: receiver.url });
    const session = await (await account.addUser()).login();
    await session.gql(LOGOUT);
    await advanceUntil(app, () => receiver.received.length > 1, 'the events');
    await receiver.close();

    const { privateKey, kid } = await createEventSigningKeys({
      database: app.database,
      clock: app.clock,
      logger: collectLog().logger,
      secretBox: createSecretBox(app.config.tokens.refreshSecrets!.map(toRefreshKey)),
    }).signing();
    const publicKey = createPublicKey(privateKey);
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const jwk = publicKey.export({ format: 'jwk' });
    const accessKid = jwt.decode(owner.accessToken, { complete: true })!.header.kid!;
    const claims = claimsOf(owner.accessToken);
    const header = (alg: string, kid: string) => ({ alg, typ: 'at+jwt', kid }) as jwt.JwtHeader;
    const forged = [
      ...receiver.received.map(({ token }) => token),
      ...[kid, accessKid].flatMap((name) => [
        jwt.sign(claims, privateKey, { algorithm: 'RS256', header: header('RS256', name) }),
        jwt.sign(claims, privateKey, { algorithm: 'PS256', header: header('PS256', name) }),
        jwt.sign(claims, pem, { algorithm: 'HS256', header: header('HS256', name) }),
        jwt.sign(claims, jwk.n!, { algorithm: 'HS256', header: header('HS256', name) }),
        `${encode(header('ES256', name))}.${jwt.sign(claims, privateKey, { algorithm: 'RS256' }).split('.').slice(1).join('.')}`,
        `${encode(header('none', name))}.${encode(claims)}.`,
      ]),
    ];
    const { key } = await app.seed.serviceKey(account.id);
    const { curfew } = connectKit({ url: app.url, serviceKey: key });
    try {
      await curfew.following();
      // They take the genuine one, or the rest would prove nothing.
      expect((await curfew.check(owner.accessToken)).state).toBe('live');
      expect((await introspect(app, key, owner.accessToken)).active).toBe(true);
      const refused = expect.objectContaining({ state: expect.stringMatching(/^(?!live)/) });
      for (const token of forged) {
        expect((await app.gql('{ viewer { id } }', {}, { token })).code).toBe('UNAUTHENTICATED');
        expect(await introspect(app, key, token)).toEqual({ active: false });
        expect(await curfew.check(token)).toEqual(refused);
      }
    } finally {
      curfew.close();
    }
  });

  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
});
