import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { startApp } from '../harness.ts';
import { AUDIENCE, setStage, type Scene, type Stage } from './scene.ts';
import { createSource, readSource } from './source-calls.ts';
import { withTransmitter, type Sent, type Transmitter } from './transmitter.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

withTransmitter(() => {
  let stage: Stage;
  let scene: Scene;
  let transmitter: Transmitter;
  /** Of the issuer of one test: what Curfew knows of an issuer outlives its source. */
  let path: string;
  let metadataPath: string;
  let source: any;

  beforeAll(async () => {
    stage = await setStage();
    ({ transmitter } = stage);
  });
  beforeEach(async () => {
    scene = await stage.openScene();
    path = `/realms/${randomUUID()}`;
    metadataPath = `/.well-known/ssf-configuration${path}`;
    await transmitter.become(path);
    source = await createSource(scene.owner, { issuer: transmitter.issuer, audience: AUDIENCE });
  });
  afterAll(() => stage?.close());

  const push = (order: Record<string, unknown> = {}): Promise<Sent> =>
    transmitter.push({
      url: source.endpointUrl,
      aud: AUDIENCE,
      now: stage.now(),
      event: 'verification',
      ...order,
    });
  const statusOf = async (order?: Record<string, unknown>): Promise<number> => (await push(order)).status;
  const errorOf = async (order?: Record<string, unknown>): Promise<string> =>
    JSON.parse((await push(order)).body).err;

  test('the metadata and the keys are read once, and kept for an hour', async () => {
    expect([await statusOf(), await statusOf({ sign: 'ES256' })]).toEqual([202, 202]);
    expect(await transmitter.requests()).toEqual([metadataPath, '/keys']);
    stage.app.clock.advance(HOUR);
    expect(await statusOf()).toBe(202);
    expect(await transmitter.requests()).toEqual([metadataPath, '/keys']);
  });

  test.each(['risc-configuration', 'openid-configuration', 'oauth-authorization-server'])(
    'an issuer may have %s in place of metadata of SSF',
    async (name) => {
      const isAppended = name === 'openid-configuration';
      const metadata_path = isAppended ? `${path}/.well-known/${name}` : `/.well-known/${name}${path}`;
      await transmitter.behave({ metadata_path });
      expect(await statusOf()).toBe(202);
      expect((await transmitter.requests()).slice(-2)).toEqual([metadata_path, '/keys']);
    },
  );

  test('no key is looked up for a token that is not for the source', async () => {
    for (const order of [
      { claims: { iss: 'https://other.example.test' } },
      { aud: 'another' },
      { sign: 'none' },
      { header: { typ: 'JWT' } },
    ])
      expect(await statusOf(order)).toBe(400);
    expect(await transmitter.requests()).toEqual([]);
  });

  test('a new key is found at once, also under the name of the old one', async () => {
    expect(await statusOf()).toBe(202);
    await transmitter.rotate('rsa-2');
    expect(await statusOf()).toBe(202);
    await transmitter.rotate('rsa-2');
    expect(await statusOf()).toBe(202);
  });

  test('a stranger who makes up keys cannot make Curfew flood the transmitter', async () => {
    expect(await statusOf()).toBe(202);
    await transmitter.requests();
    const answers = await Promise.all(
      Array.from({ length: 15 }, () => statusOf({ header: { kid: randomUUID() } })),
    );
    expect(new Set(answers)).not.toContain(202);
    for (let count = 0; count < 5; count += 1) await push({ header: { kid: randomUUID() } });
    // Two documents for each of five look-ups in a minute, one of which was the first.
    expect((await transmitter.requests()).length).toBeLessThanOrEqual(8);
    // It is not known whether such a key has been published since.
    const refused = await push({ header: { kid: randomUUID() } });
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '60']);
    expect(await statusOf()).toBe(202);
    stage.app.clock.advance(MINUTE);
    expect(await errorOf({ header: { kid: randomUUID() } })).toBe('invalid_key');
  });

  test('a token whose key was replaced while strangers used up the look-ups is not refused for good', async () => {
    await transmitter.rotate('replaced');
    expect(await statusOf()).toBe(202);
    for (let count = 0; count < 5; count += 1) await push({ header: { kid: randomUUID() } });
    await transmitter.rotate('replaced');
    const { status, token } = await push();
    expect(status).toBe(503);
    stage.app.clock.advance(MINUTE);
    expect(await statusOf({ token })).toBe(202);
  });

  test('known keys are used for a day while the transmitter is down', async () => {
    expect(await statusOf()).toBe(202);
    await transmitter.behave({ status: 500 });
    stage.app.clock.advance(23 * HOUR);
    expect(await statusOf()).toBe(202);
    stage.app.clock.advance(HOUR);
    const answer = await push();
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '60']);
    await transmitter.behave({});
    expect(await statusOf()).toBe(202);
  });

  test('a token waits for a transmitter that was down at first, and is taken then', async () => {
    await transmitter.behave({ status: 503 });
    const { token, status } = await push();
    expect(status).toBe(503);
    const owner = await scene.account.owner.login();
    expect((await readSource(owner, source.id)).lastError).toBe('The issuer does not answer.');
    await transmitter.behave({});
    expect(await statusOf({ token })).toBe(202);
  });

  test('concurrent tokens share a slow look-up', async () => {
    await transmitter.behave({ delay: 0.2 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => statusOf()));
    expect(new Set(answers)).toEqual(new Set([202]));
    expect(await transmitter.requests()).toEqual([metadataPath, '/keys']);
  });

  test.each<[string, () => Record<string, unknown>, number]>([
    ['keys behind a redirect', () => ({ redirect: { '/keys': '/moved-keys' } }), 503],
    ['metadata behind a redirect', () => ({ redirect: { [metadataPath]: '/moved-keys' } }), 503],
    ['a megabyte of keys', () => ({ huge: ['/keys'] }), 503],
    ['nonsense in place of keys', () => ({ nonsense: ['/keys'] }), 503],
    ['nonsense in place of metadata', () => ({ nonsense: [metadataPath] }), 503],
    ['the name of another issuer', () => ({ metadata: { issuer: `${transmitter.issuer}/` } }), 400],
    ['no keys', () => ({ metadata: { jwks_uri: null } }), 400],
    ['keys at an address that is none', () => ({ jwks_uri: 'file:keys' }), 400],
  ])('metadata with %s is not used', async (_, behaviour, status) => {
    await transmitter.behave(behaviour());
    expect(await statusOf()).toBe(status);
    expect(await transmitter.requests()).not.toContain('/moved-keys');
  });

  test.each([
    ['16384 bits', 2_048, 3],
    ['an exponent as long as its modulus', 384, 384],
  ])('a key with %s, which costs much to verify with, is none', async (_, modulusBytes, exponentBytes) => {
    const long = (bytes: number) => Buffer.alloc(bytes, 0x55).toString('base64url');
    const keys = [{ kty: 'RSA', n: long(modulusBytes), e: long(exponentBytes) }];
    await transmitter.behave({ keys });
    expect(await errorOf({ header: { kid: null } })).toBe('invalid_key');
    await transmitter.behave({ keys: [{ kty: 'RSA', n: long(1_024), e: long(4) }] });
    stage.app.clock.advance(MINUTE);
    expect(await errorOf({ header: { kid: null } })).toBe('authentication_failed');
  });

  test('an event whose critical member is not understood is discarded', async () => {
    await transmitter.behave({ metadata: { critical_subject_members: ['session'] } });
    const { member } = scene;
    await stage.link(member.person.id, 'critical', transmitter.issuer);
    const user = { format: 'iss_sub', iss: transmitter.issuer, sub: 'critical' };
    const session = { format: 'opaque', id: 'of-the-issuer' };
    const event = 'session-revoked';
    expect(await statusOf({ event, subject: { format: 'complex', user, session } })).toBe(202);
    expect(await stage.endOf(member.session.sessionId)).toBeNull();
    expect(await statusOf({ event, subject: { format: 'complex', user } })).toBe(202);
    expect(await stage.endOf(member.session.sessionId)).toBe('SECURITY_EVENT');
  });

  test('without the setting nothing is read from a private address', async () => {
    const app = await startApp();
    try {
      const account = await app.seed.account();
      const id = randomUUID();
      // As it would be for an issuer whose name leads here.
      await sql`
        insert into event_sources (id, account_id, issuer, audience, created_at)
        values (${id}, ${account.id}, ${transmitter.issuer}, ${AUDIENCE}, now())`.execute(
        app.database.em().getKysely(),
      );
      const now = Math.floor(app.clock.now().getTime() / 1000);
      const answer = await push({ url: `${app.url}/ssf/events/${id}`, now });
      expect([answer.status, JSON.parse(answer.body).err]).toEqual([400, 'authentication_failed']);
      expect(await transmitter.requests()).toEqual([]);
    } finally {
      await app.close();
    }
  });
});
