import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { AUDIENCE, setStage, type Linked, type Scene, type Stage } from './scene.ts';
import { createSource, readSource } from './source-calls.ts';
import { withTransmitter } from './transmitter.ts';
import { waitUntil } from '../wait-until.ts';

const EXPLAIN = `query ($id: ID!) { explainSession(sessionId: $id) { endsBecause } }`;
const DAY = 86_400;

withTransmitter(() => {
  let stage: Stage;
  let scene: Scene;

  beforeAll(async () => {
    stage = await setStage();
  });
  beforeEach(async () => {
    scene = await stage.openScene();
  });
  afterAll(() => stage?.close());

  const endOf = ({ session }: Linked) => stage.endOf(session.sessionId);

  async function countTokens(): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from received_event_tokens where source_id = ${scene.source.id}`.execute(
      stage.app.database.em().getKysely(),
    );
    return rows[0]!.count;
  }

  test('an event ends the sessions of its user, tells them, and the trail and the explanation name the issuer', async () => {
    const { member, owner, source } = scene;
    const colleague = await scene.addLinked();
    const elsewhere = await member.person.login();
    const expiry = member.session.expiry();
    await expiry.connected;

    expect(await scene.push()).toMatchObject({ status: 202, body: '' });

    expect(await expiry.next()).toMatchObject({ kind: 'REVOKED', endReason: 'SECURITY_EVENT' });
    expect([await endOf(member), await stage.endOf(elsewhere.sessionId), await endOf(colleague)]).toEqual([
      'SECURITY_EVENT',
      'SECURITY_EVENT',
      null,
    ]);
    expect(await member.session.refresh()).toMatchObject({
      code: 'INVALID_REFRESH_TOKEN',
      extensions: { endReason: 'SECURITY_EVENT' },
    });
    expect(await stage.trailOf(scene.account)).toEqual([
      {
        action: 'user.sessions_revoked',
        resource_id: member.person.id,
        details: { revoked_count: 2, event: 'session-revoked', event_source_id: source.id },
      },
    ]);
    const { data } = await owner.gql(EXPLAIN, { id: member.session.sessionId });
    expect(data.explainSession.endsBecause).toMatch(
      new RegExp(`^Curfew ended it because of a security event from ${stage.transmitter.issuer} about `),
    );
    expect(await readSource(owner, source.id)).toMatchObject({
      lastReceivedAt: stage.app.clock.now().toISOString(),
      lastError: null,
    });
    // The member may sign in again: it was the session that was revoked.
    await member.person.login();
  });

  test.each(['credential-change', 'credential-compromise', 'account-disabled', 'sessions-revoked'])(
    '%s ends sessions',
    async (event) => {
      expect((await scene.push({ event })).status).toBe(202);
      expect(await endOf(scene.member)).toBe('SECURITY_EVENT');
    },
  );

  test.each(['verification', 'stream-updated', 'session-established', 'https://example.test/of-their-own'])(
    '%s is taken and changes nothing',
    async (event) => {
      const subject = { format: 'opaque', id: 'stream-1' };
      expect((await scene.push({ event, subject })).status).toBe(202);
      expect(await endOf(scene.member)).toBeNull();
      expect((await readSource(scene.owner, scene.source.id)).lastReceivedAt).not.toBeNull();
    },
  );

  test.each<[string, (member: Linked, issuer: string) => Record<string, unknown>]>([
    ['an e-mail address', ({ person }) => ({ subject: { format: 'email', email: person.email } })],
    [
      'one in capitals',
      ({ person }) => ({ subject: { format: 'email', email: person.email.toUpperCase() } }),
    ],
    [
      'a user with a session and a tenant',
      (member) => ({
        subject: {
          format: 'complex',
          user: stage.subjectOf(member),
          session: { format: 'opaque', id: 'of-the-issuer' },
          tenant: { format: 'opaque', id: 'of-the-issuer' },
        },
      }),
    ],
    [
      'aliases of one person',
      (member) => ({
        subject: {
          format: 'aliases',
          identifiers: [
            stage.subjectOf(member),
            { format: 'email', email: member.person.email },
            { format: 'phone_number', phone_number: '+12065550100' },
          ],
        },
      }),
    ],
    [
      'the subject of the event, as RISC had it',
      ({ sub }, iss) => ({ subject: null, payload: { subject: { subject_type: 'iss-sub', iss, sub } } }),
    ],
    [
      'a complex subject of an early draft',
      (member) => ({ subject: null, payload: { subject: { user: stage.subjectOf(member) } } }),
    ],
  ])('%s names a person', async (_, orderFor) => {
    expect((await scene.push(orderFor(scene.member, stage.transmitter.issuer))).status).toBe(202);
    expect(await endOf(scene.member)).toBe('SECURITY_EVENT');
  });

  test.each<[string, (member: Linked) => unknown]>([
    [
      'a subject of another issuer',
      ({ sub }) => ({ format: 'iss_sub', iss: 'https://other.example.test', sub }),
    ],
    ['an unknown subject', () => ({ format: 'iss_sub', iss: stage.transmitter.issuer, sub: 'unknown' })],
    ['NUL in a subject', () => ({ format: 'iss_sub', iss: stage.transmitter.issuer, sub: 'a\0b' })],
    ['what is no address', () => ({ format: 'email', email: 'member' })],
    ['a tenant alone', () => ({ format: 'complex', tenant: { format: 'opaque', id: scene.account.id } })],
    ['a session alone', ({ session }) => ({ format: 'opaque', id: session.sessionId })],
    ['a telephone', () => ({ format: 'phone_number', phone_number: '+12065550100' })],
    [
      'aliases of two persons',
      (member) => ({
        format: 'aliases',
        identifiers: [stage.subjectOf(member), { format: 'email', email: scene.account.owner.email }],
      }),
    ],
  ])('%s names no one, and is taken', async (_, subjectFor) => {
    expect(await scene.push({ subject: subjectFor(scene.member) })).toMatchObject({ status: 202, body: '' });
    expect([await endOf(scene.member), await stage.endOf(scene.owner.sessionId)]).toEqual([null, null]);
    expect(await stage.trailOf(scene.account)).toEqual([]);
  });

  test('a person of another account is out of reach, and the answer is the same', async () => {
    const other = await stage.openScene({ audience: 'other' });
    for (const subject of [
      stage.subjectOf(other.member),
      { format: 'email', email: other.member.person.email },
    ])
      expect(await scene.push({ subject, event: 'account-disabled' })).toMatchObject({
        status: 202,
        body: '',
      });
    expect(await endOf(other.member)).toBeNull();
    await other.member.person.login();
    expect(await stage.trailOf(other.account)).toEqual([]);
  });

  test.each<[string, Record<string, unknown> | (() => Record<string, unknown>), string]>([
    ['a key that only has the name of a published one', { sign: 'wrong-key' }, 'authentication_failed'],
    ['a key that is not published', { sign: 'unknown-key' }, 'invalid_key'],
    ['a key of 1024 bits', { sign: 'short-key' }, 'authentication_failed'],
    ['no signature', { sign: 'none' }, 'invalid_key'],
    ['an HMAC with the public key', { sign: 'hmac-with-public-key' }, 'invalid_key'],
    ['another type', { header: { typ: 'JWT' } }, 'invalid_request'],
    ['no type', { header: { typ: null } }, 'invalid_request'],
    ['another audience', { aud: 'another' }, 'invalid_audience'],
    ['no audience', { claims: { aud: null } }, 'invalid_audience'],
    ['another issuer', { claims: { iss: 'https://other.example.test' } }, 'invalid_issuer'],
    ['an expiry', () => ({ claims: { exp: stage.now() + 600 } }), 'invalid_request'],
    ['an expiry in the past', () => ({ claims: { exp: stage.now() - 600 } }), 'invalid_request'],
    ['a sub', { claims: { sub: 'someone' } }, 'invalid_request'],
    ['an age of more than a week', () => ({ now: stage.now() - 7 * DAY - 1 }), 'invalid_request'],
    ['a time in the future', () => ({ now: stage.now() + 310 }), 'invalid_request'],
    ['no iat', { claims: { iat: null } }, 'invalid_request'],
    ['a text as iat', { claims: { iat: 'today' } }, 'invalid_request'],
    ['no jti', { claims: { jti: null } }, 'invalid_request'],
    [
      'two events',
      { claims: { events: { 'https://a.example': {}, 'https://b.example': {} } } },
      'invalid_request',
    ],
    ['no event', { claims: { events: {} } }, 'invalid_request'],
    ['events in a list', { claims: { events: ['https://a.example'] } }, 'invalid_request'],
    ['an event that is no object', { claims: { events: { 'https://a.example': 'now' } } }, 'invalid_request'],
    ['no subject', { subject: null }, 'invalid_request'],
    ['a subject without format', { subject: { sub: 'someone' } }, 'invalid_request'],
    ['an e-mail subject without one', { subject: { format: 'email' } }, 'invalid_request'],
    ['nonsense', { token: 'nonsense' }, 'invalid_request'],
    ['nothing', { token: '' }, 'invalid_request'],
    ['three parts of nonsense', { token: 'e30.W10.e30' }, 'invalid_request'],
    ['another media type', { content_type: 'application/json' }, 'invalid_request'],
  ])('a token with %s is refused and changes nothing', async (_, given, err) => {
    const order = typeof given === 'function' ? given() : given;
    const sent = await scene.push(order);
    expect([sent.status, JSON.parse(sent.body)]).toEqual([400, { err, description: expect.any(String) }]);
    expect(await endOf(scene.member)).toBeNull();
    expect(await countTokens()).toBe(0);
    const source = await readSource(scene.owner, scene.source.id);
    const { description } = JSON.parse(sent.body);
    const isToken = !('token' in order || 'content_type' in order);
    // What it signs for this source is its own fault. Everything else may come from anyone.
    const isOfIssuer = isToken && err === 'invalid_request' && !('header' in order);
    expect(source).toMatchObject({
      lastReceivedAt: null,
      lastError: isOfIssuer ? description : null,
      lastUnverifiedError: isToken && !isOfIssuer ? description : null,
    });
    // The next good one takes the error away.
    expect((await scene.push()).status).toBe(202);
    expect(await readSource(scene.owner, scene.source.id)).toMatchObject({
      lastError: null,
      lastUnverifiedError: null,
    });
  });

  test.each(['RS256', 'PS256', 'RS512', 'ES256', 'EdDSA'])('%s is an accepted signature', async (sign) => {
    expect((await scene.push({ sign })).status).toBe(202);
    expect(await endOf(scene.member)).toBe('SECURITY_EVENT');
  });

  test('a body of more than 64 KB is refused', async () => {
    expect(await scene.push({ payload: { reason_admin: { en: 'x'.repeat(70_000) } } })).toMatchObject({
      status: 413,
    });
    expect(await endOf(scene.member)).toBeNull();
  });

  test('an unknown source answers like one of another issuer, also when more is wrong', async () => {
    const unknown = `${stage.app.url}/ssf/events/${randomUUID()}`;
    const other = await createSource(scene.owner, {
      issuer: 'https://other.example.test',
      audience: AUDIENCE,
    });
    for (const order of [
      {},
      { sign: 'wrong-key' },
      { sign: 'none' },
      { aud: 'another' },
      { token: 'a.b.c' },
    ]) {
      const answers = [unknown, `${unknown}x`, other.endpointUrl].map((url) => scene.push({ ...order, url }));
      const [first, ...rest] = (await Promise.all(answers)).map(({ status, body }) => ({ status, body }));
      expect(first!.status).toBe(400);
      expect(rest).toEqual([first, first]);
    }
  });

  test('a token that comes again is acknowledged and does nothing twice', async () => {
    const { token } = await scene.push();
    const again = await scene.member.person.login();
    expect(await scene.push({ token })).toMatchObject({ status: 202, body: '' });
    expect(await stage.endOf(again.sessionId)).toBeNull();
    stage.app.clock.advance(6 * DAY * 1000);
    expect((await scene.push({ token })).status).toBe(202);
    stage.app.clock.advance(DAY * 1000);
    expect((await scene.push({ token })).status).toBe(400);
    // It is too old to be taken again, so the sweeper forgets it: in this turn, or in a later one.
    await waitUntil(async () => {
      stage.app.clock.advance(15_000);
      return (await countTokens()) === 0;
    });
    expect(await stage.trailOf(scene.account)).toHaveLength(1);
  });

  test('the same token from twenty connections at once is acknowledged to each of them, with one entry in the trail', async () => {
    const order = { url: scene.source.endpointUrl, aud: AUDIENCE, now: stage.now(), times: 20 };
    const { statuses } = await stage.transmitter.pushMany({
      ...order,
      subject: stage.subjectOf(scene.member),
      event: 'account-disabled',
    });
    expect(statuses).toEqual(Array.from({ length: 20 }, () => 202));
    expect(await stage.trailOf(scene.account)).toHaveLength(1);
    expect(await countTokens()).toBe(1);
  });

  test('an event that comes late keeps the sessions of later sign-ins, but for a difference of clocks', async () => {
    const sentAt = stage.now();
    stage.app.clock.advance(299_000);
    const near = await scene.member.person.login();
    stage.app.clock.advance(2_000);
    const later = await scene.member.person.login();
    expect((await scene.push({ now: sentAt })).status).toBe(202);
    expect([await endOf(scene.member), await stage.endOf(near.sessionId)]).toEqual([
      'SECURITY_EVENT',
      'SECURITY_EVENT',
    ]);
    expect(await stage.endOf(later.sessionId)).toBeNull();
  });

  test('a source that is deleted takes no more tokens', async () => {
    const { data } = await scene.owner.gql(`mutation ($id: ID!) { deleteEventSource(sourceId: $id) }`, {
      id: scene.source.id,
    });
    expect(data.deleteEventSource).toBe(true);
    expect(JSON.parse((await scene.push()).body).err).toBe('invalid_issuer');
    expect(await endOf(scene.member)).toBeNull();
  });
});
