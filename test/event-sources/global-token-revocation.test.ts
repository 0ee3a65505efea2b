import { setStage, type Linked, type Scene, type Stage } from './scene.ts';
import { readSource } from './source-calls.ts';
import { withTransmitter, type Sent } from './transmitter.ts';

withTransmitter(() => {
  let stage: Stage;
  let scene: Scene;
  let endpoint: string;
  let count = 0;

  beforeAll(async () => {
    stage = await setStage();
    endpoint = `${stage.app.url}/oauth/global-token-revocation`;
  });
  beforeEach(async () => {
    // An issuer of its own, so that only this account knows it.
    await stage.transmitter.become(`/org-${(count += 1)}`);
    scene = await stage.openScene();
  });
  afterAll(() => stage?.close());

  const revoke = (order: Record<string, unknown> = {}): Promise<Sent> =>
    stage.transmitter.revoke({
      url: endpoint,
      aud: endpoint,
      now: stage.now(),
      subject: stage.subjectOf(scene.member),
      ...order,
    });
  const endOf = ({ session }: Linked) => stage.endOf(session.sessionId);
  const byEmail = ({ person }: Linked) => ({ format: 'email', email: person.email });

  test.each<[string, () => Record<string, unknown>]>([
    ['iss_sub, with the endpoint as the audience', () => ({})],
    [
      'e-mail, with the audience of the source',
      () => ({ subject: byEmail(scene.member), aud: scene.source.audience }),
    ],
    ['a list of audiences', () => ({ aud: ['https://other.example.test', scene.source.audience] })],
    [
      'the name that earlier drafts had',
      () => ({ body: JSON.stringify({ subject: stage.subjectOf(scene.member) }) }),
    ],
  ])('all sessions of a person end: %s', async (_, orderFor) => {
    const { member } = scene;
    const colleague = await scene.addLinked();
    const elsewhere = await member.person.login();
    expect(await revoke(orderFor())).toMatchObject({ status: 204, body: '' });
    expect([await endOf(member), await stage.endOf(elsewhere.sessionId), await endOf(colleague)]).toEqual([
      'SECURITY_EVENT',
      'SECURITY_EVENT',
      null,
    ]);
    expect(await member.session.refresh()).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
    expect(await stage.trailOf(scene.account)).toMatchObject([
      {
        action: 'user.sessions_revoked',
        resource_id: member.person.id,
        details: { event: 'global-token-revocation', revoked_count: 2, event_source_id: scene.source.id },
      },
    ]);
    expect((await readSource(scene.owner, scene.source.id)).lastReceivedAt).not.toBeNull();
  });

  test('a person who is not known here is answered the same', async () => {
    const other = await stage.openScene({ issuer: 'https://other.example.test' });
    for (const subject of [
      { format: 'iss_sub', iss: stage.transmitter.issuer, sub: 'unknown' },
      { format: 'iss_sub', iss: 'https://other.example.test', sub: other.member.sub },
      { format: 'email', email: 'unknown@example.test' },
      { format: 'email', email: 'no address' },
      byEmail(other.member),
    ])
      expect(await revoke({ subject })).toMatchObject({ status: 204, body: '' });
    expect(await endOf(other.member)).toBeNull();
  });

  test.each<[string, () => Record<string, unknown>]>([
    ['no token', () => ({ token: null })],
    ['nonsense', () => ({ token: 'nonsense' })],
    ['a key that only has the name of a published one', () => ({ sign: 'wrong-key' })],
    ['no signature', () => ({ sign: 'none' })],
    ['an HMAC with the public key', () => ({ sign: 'hmac-with-public-key' })],
    ['the type of a security event', () => ({ header: { typ: 'secevent+jwt' } })],
    ['no type', () => ({ header: { typ: null } })],
    ['an unknown issuer', () => ({ claims: { iss: 'https://unknown.example.test' } })],
    ['no issuer', () => ({ claims: { iss: null } })],
    ['another audience', () => ({ aud: 'https://other.example.test' })],
    ['no audience', () => ({ claims: { aud: null } })],
    ['no expiry', () => ({ claims: { exp: null } })],
    ['an expiry of now', () => ({ claims: { exp: stage.now() } })],
    ['no iat', () => ({ claims: { iat: null } })],
    ['an age of an hour', () => ({ now: stage.now() - 3_600, claims: { exp: stage.now() + 60 } })],
    ['a time in the future', () => ({ now: stage.now() + 310 })],
    ['a start in the future', () => ({ claims: { nbf: stage.now() + 310 } })],
    ['no jti', () => ({ claims: { jti: null } })],
  ])('a request with %s is 401 and ends nothing', async (_, orderFor) => {
    const order = orderFor();
    const { status, headers, body } = await revoke(order);
    expect([status, JSON.parse(body).error]).toEqual([401, 'invalid_token']);
    expect(headers['www-authenticate']).toBe(
      order.token === null ? 'Bearer realm="curfew"' : 'Bearer realm="curfew", error="invalid_token"',
    );
    expect(await endOf(scene.member)).toBeNull();
  });

  test.each<[string, Record<string, unknown>]>([
    ['no JSON', { body: 'sub_id' }],
    ['nothing', { body: '' }],
    ['a list', { body: '[]' }],
    ['no subject', { body: '{}' }],
    ['a subject that is a text', { body: '{"sub_id":"someone"}' }],
    ['another format', { subject: { format: 'opaque', id: 'someone' } }],
    ['an iss_sub without sub', { subject: { format: 'iss_sub', iss: 'https://idp.example.test' } }],
    ['another media type', { content_type: 'text/plain' }],
  ])('a body with %s is 400', async (_, order) => {
    const { status, body } = await revoke(order);
    expect([status, JSON.parse(body).error]).toEqual([400, 'invalid_request']);
    // The token was not used up.
    expect(await endOf(scene.member)).toBeNull();
  });

  test('a body of more than 64 KB is refused', async () => {
    expect((await revoke({ body: `{"sub_id":"${'x'.repeat(70_000)}"}` })).status).toBe(413);
  });

  test('a token counts once, also for another person', async () => {
    const other = await scene.addLinked();
    const { token } = await revoke();
    const again = await scene.member.person.login();
    expect((await revoke({ token })).status).toBe(401);
    expect((await revoke({ token, subject: stage.subjectOf(other) })).status).toBe(401);
    expect([await stage.endOf(again.sessionId), await endOf(other)]).toEqual([null, null]);
  });

  test("a source's audience chooses its account, also where others trust the same issuer", async () => {
    const other = await stage.openScene({ audience: 'other' });
    expect((await revoke({ aud: 'other' })).status).toBe(204);
    expect(await endOf(scene.member)).toBeNull();
    expect((await revoke({ aud: 'other', subject: stage.subjectOf(other.member) })).status).toBe(204);
    expect(await endOf(other.member)).toBe('SECURITY_EVENT');
  });

  test('the endpoint as the audience reaches every account of the issuer, by e-mail only its own people', async () => {
    const other = await stage.openScene({ audience: 'other' });
    const local = await other.account.addUser();
    const session = await local.login();
    expect((await revoke({ subject: { format: 'email', email: local.email } })).status).toBe(204);
    expect(await stage.endOf(session.sessionId)).toBeNull();
    for (const { member } of [scene, other]) {
      expect((await revoke({ subject: byEmail(member) })).status).toBe(204);
      expect(await endOf(member)).toBe('SECURITY_EVENT');
    }
    expect((await readSource(other.owner, other.source.id)).lastError).toMatch(
      /^Another account names this issuer/,
    );
    // With its own audience the source reaches everyone of its account.
    expect((await revoke({ aud: 'other', subject: { format: 'email', email: local.email } })).status).toBe(
      204,
    );
    expect(await stage.endOf(session.sessionId)).toBe('SECURITY_EVENT');
  });

  test('no key is looked up for an issuer that no one trusts, and a transmitter that is down is asked later', async () => {
    await stage.transmitter.become('/stranger');
    expect((await revoke()).status).toBe(401);
    expect(await stage.transmitter.requests()).toEqual([]);
    await stage.transmitter.become('/org-down');
    scene = await stage.openScene();
    await stage.transmitter.behave({ status: 503 });
    const { status, headers, token } = await revoke();
    expect([status, headers['retry-after']]).toEqual([503, '60']);
    await stage.transmitter.behave({});
    expect((await revoke({ token })).status).toBe(204);
    expect(await endOf(scene.member)).toBe('SECURITY_EVENT');
  });
});
