import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hasPostgres } from '../databases.ts';
import { accountLock, holdLock } from '../row-locks.ts';
import { waitUntil } from '../wait-until.ts';
import { AUDIENCE, setStage, type Linked, type Scene, type Stage } from './scene.ts';
import { createSource, deleteSource, readSource } from './source-calls.ts';
import { withTransmitter } from './transmitter.ts';

const SECOND = 1000;

withTransmitter(() => {
  let stage: Stage;
  let scene: Scene;

  beforeAll(async () => {
    stage = await setStage();
  });
  beforeEach(async () => {
    await stage.transmitter.become(`/org-${randomUUID()}`);
    scene = await stage.openScene();
  });
  afterAll(() => stage?.close());

  const database = () => stage.app.database.em().getKysely();
  const revokeOf = (linked: Linked, order: Record<string, unknown> = {}) =>
    scene.push({ subject: stage.subjectOf(linked), ...order });

  /** Signs in, and is signed out by the source at once. */
  async function isEnded(linked: Linked): Promise<void> {
    const { sessionId } = await linked.person.login();
    expect((await revokeOf(linked)).status).toBe(202);
    expect(await stage.endOf(sessionId)).toBe('SECURITY_EVENT');
    stage.app.clock.advance(SECOND);
  }

  test('a hostile source signs an owner out twenty times, who can then delete it', async () => {
    const owner = await scene.addLinked('OWNER');
    for (let count = 0; count < 20; count += 1) await isEnded(owner);
    const session = await owner.person.login();
    for (const event of ['session-revoked', 'account-disabled', 'credential-compromise'])
      expect(await revokeOf(owner, { event })).toMatchObject({
        status: 429,
        body: '',
        headers: { 'retry-after': '580' },
      });
    const { token: request, ...refused } = await stage.transmitter.revoke({
      url: `${stage.app.url}/oauth/global-token-revocation`,
      aud: AUDIENCE,
      now: stage.now(),
      subject: stage.subjectOf(owner),
    });
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '580']);
    expect(JSON.parse(refused.body).error).toBe('temporarily_unavailable');
    expect(request).toEqual(expect.any(String));

    expect(await stage.endOf(session.sessionId)).toBeNull();
    expect((await readSource(session, scene.source.id)).lastError).toBe(
      'The source signs an owner out more often than it may.',
    );
    // Others are still in its reach, and so is the owner for another account's source.
    expect((await scene.push()).status).toBe(202);
    expect(await stage.endOf(scene.member.session.sessionId)).toBe('SECURITY_EVENT');
    expect((await deleteSource(session, scene.source.id)).data.deleteEventSource).toBe(true);
  });

  test('an event that came too often is taken when it comes again later', async () => {
    const owner = await scene.addLinked('OWNER');
    for (let count = 0; count < 20; count += 1) await isEnded(owner);
    const { sessionId } = await owner.person.login();
    const { token } = await revokeOf(owner);
    stage.app.clock.advance(579 * SECOND);
    expect((await scene.push({ token })).status).toBe(429);
    stage.app.clock.advance(SECOND);
    expect((await scene.push({ token })).status).toBe(202);
    expect(await stage.endOf(sessionId)).toBe('SECURITY_EVENT');
  });

  test('events that end nothing do not count against an owner', async () => {
    const owner = await scene.addLinked('OWNER');
    for (let count = 0; count < 10; count += 1) expect((await revokeOf(owner)).status).toBe(202);
    await isEnded(owner);
  });

  test('a member who cannot delete a source has no such limit', async () => {
    for (let count = 0; count < 5; count += 1) await isEnded(scene.member);
  });

  /** As after thousands of tokens, of which the first came before. */
  const paceUntil = (secondsFromNow: number): Promise<unknown> =>
    sql`
      update event_sources set paced_until = ${new Date(stage.app.clock.now().getTime() + secondsFromNow * SECOND)}
      where id = ${scene.source.id}`.execute(database());
  const pacedUntil = async (): Promise<number> => {
    const { rows } = await sql<{ paced: Date }>`
      select paced_until as paced from event_sources where id = ${scene.source.id}`.execute(database());
    return new Date(rows[0]!.paced).getTime() - stage.app.clock.now().getTime();
  };

  test('a source that sends more than is taken is told to wait, and nothing is lost', async () => {
    await paceUntil(99.99);
    const refused = await scene.push();
    expect([refused.status, refused.body, refused.headers['retry-after']]).toEqual([429, '', '1']);
    expect(await stage.endOf(scene.member.session.sessionId)).toBeNull();
    expect((await readSource(scene.owner, scene.source.id)).lastError).toBe(
      'The source sends more than is taken.',
    );
    stage.app.clock.advance(SECOND);
    expect((await scene.push({ token: refused.token })).status).toBe(202);
    expect(await stage.endOf(scene.member.session.sessionId)).toBe('SECURITY_EVENT');
    expect((await readSource(scene.owner, scene.source.id)).lastError).toBeNull();
  });

  test('a stranger who sends a token again, or one of their own, does not use up what a source may send', async () => {
    const { token } = await scene.push();
    expect(await pacedUntil()).toBe(20);
    for (const order of [{ token }, { sign: 'wrong-key' }, { aud: 'another' }]) await scene.push(order);
    expect(await pacedUntil()).toBe(20);
    await scene.push({ event: 'verification' });
    expect(await pacedUntil()).toBe(40);
  });

  (hasPostgres ? test : test.skip)(
    'a token that comes again, and one about an owner who was signed out too often, do not wait for the account',
    async () => {
      const { token } = await scene.push();
      const owner = await scene.addLinked('OWNER');
      for (let count = 0; count < 20; count += 1) await isEnded(owner);
      const { text, values } = accountLock(scene.account.id);
      const lock = await holdLock(stage.app.testDatabase.url!, text, values);
      try {
        expect((await scene.push({ token })).status).toBe(202);
        expect((await revokeOf(owner)).status).toBe(429);
      } finally {
        await lock.release();
      }
    },
  );

  test('while an issuer does not answer, a hundred tokens wait for it, and further ones are told to come again', async () => {
    const gate = Promise.withResolvers<void>();
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      void gate.promise.then(() => response.writeHead(404, { connection: 'close' }).end());
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const { endpointUrl } = await createSource(scene.owner, { issuer, audience: AUDIENCE });
      const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const token = `${part({ alg: 'RS256', typ: 'secevent+jwt' })}.${part({ iss: issuer, aud: AUDIENCE })}.AAAA`;
      const headers = { 'content-type': 'application/secevent+jwt' };
      const answers: (string | null)[] = [];
      const posts = Array.from({ length: 120 }, async () => {
        const answer = await fetch(endpointUrl, { method: 'POST', headers, body: token });
        answers.push(answer.status === 503 ? answer.headers.get('retry-after') : String(answer.status));
      });
      await waitUntil(async () => answers.length >= 20);
      expect(answers).toEqual(Array.from({ length: 20 }, () => '60'));
      expect(requests).toBe(1);
      gate.resolve();
      await Promise.all(posts);
      expect(new Set(answers)).toEqual(new Set(['60']));
      // One look-up for all, at each of the four addresses that metadata may have.
      expect(requests).toBe(4);
    } finally {
      gate.resolve();
      server.close();
    }
  });

  test('a stranger can neither hide nor replace an error of the issuer, and seldom makes Curfew write', async () => {
    const errors = async () => {
      const { lastError, lastUnverifiedError } = await readSource(scene.owner, scene.source.id);
      return [lastError, lastUnverifiedError];
    };
    const exact = 'The token must have exactly one event.';
    const audience = 'The audience is not the one of this source.';
    expect((await scene.push({ claims: { events: {} } })).status).toBe(400);
    expect(await errors()).toEqual([exact, null]);
    await scene.push({ aud: 'another' });
    for (const order of [
      { sign: 'wrong-key' },
      { sign: 'none' },
      { sign: 'wrong-key', claims: { events: {} } },
    ])
      expect((await scene.push(order)).status).toBe(400);
    expect(await errors()).toEqual([exact, audience]);
    stage.app.clock.advance(10 * SECOND);
    await scene.push({ sign: 'wrong-key' });
    expect(await errors()).toEqual([exact, 'The signature does not match a key of the issuer.']);
  });
});
