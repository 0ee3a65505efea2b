import { createServer } from 'node:https';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { LOGOUT } from '../accounts/account-calls.ts';
import { startHttpProxy, type HttpProxy } from '../client/server-kit.ts';
import { makeCertificates } from '../environments/certificates.ts';
import { hasPython, LIMITS, MINUTE } from '../examples/applications.ts';
import { startApp, type TestApp } from '../harness.ts';
import { createManualClock } from '../manual-clock.ts';
import { runProgram } from '../operations/deploy-files.ts';
import { newFolder } from '../operations/processes.ts';
import type { SeededAccount } from '../seed.ts';
import { PYTHON_PATH, startPythonPeer, type PythonPeer } from './python-peer.ts';

const REVOKE = 'mutation ($id: ID!) { revokeUserSessions(userId: $id) { revokedCount } }';

/** Without Python 3.9 or newer there is nothing to run. */
(hasPython ? describe : describe.skip)('the client for Python (needs python3)', () => {
  let app: TestApp;
  let account: SeededAccount;
  let proxy: HttpProxy;
  let python: PythonPeer;
  let curfew: { url: string; service_key: string; issuer: string };

  beforeAll(async () => {
    // In the past, so that on the clock of Python every sign-in was hours ago.
    app = await startApp({ env: LIMITS, clock: createManualClock(new Date(Date.now() - 6 * 60 * MINUTE)) });
    account = await app.seed.account();
    const { key } = await app.seed.serviceKey(account.id);
    proxy = await startHttpProxy(app.url);
    curfew = { url: proxy.url, service_key: key, issuer: app.url };
    python = startPythonPeer();
  });
  afterAll(async () => {
    python?.close();
    await proxy?.close();
    await app?.close();
  });

  const call = (name: string, given?: object) => python.call(name, curfew, given);
  const check = (token: string, options = {}) => call('check', { token, ...options });
  const create = async (externalId = 'mia') =>
    call('create_session', {
      external_id: externalId,
      email: `${externalId}@shop.example`,
      name: 'Mia Sommer',
      ip_address: '203.0.113.7',
      user_agent: 'Visitor/1.0',
    });
  const callsDuring = async (work: () => Promise<unknown>): Promise<string[]> => {
    const before = proxy.calls.length;
    await work();
    return proxy.calls.slice(before);
  };

  test('its own tests pass', async () => {
    const env = { PYTHONDONTWRITEBYTECODE: '1' };
    const args = ['-W', 'error', '-m', 'unittest', 'discover', '-s', PYTHON_PATH, '-t', PYTHON_PATH];
    expect(await runProgram('python3', args, env)).toMatchObject({
      code: 0,
      output: expect.stringMatching(/OK\n$/),
    });
  });

  test('the code of its README runs as printed', async () => {
    const readme = readFileSync(`${PYTHON_PATH}/README.md`, 'utf8');
    const blocks = [...readme.matchAll(/^```python\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);
    expect(blocks).toHaveLength(3);
    const program = blocks.join('\n').replace('https://curfew.example.com', app.url);
    const refused = 'print(receive({}, b""))';
    const env = { PYTHONPATH: PYTHON_PATH, CURFEW_SERVICE_KEY: curfew.service_key };
    const secret = `whsec_${Buffer.alloc(24).toString('base64')}`;
    const { code, output } = await runProgram('python3', ['-c', `${program}\n${refused}`], {
      ...env,
      PYTHONDONTWRITEBYTECODE: '1',
      WEBHOOK_SECRET: secret,
    });
    expect([code, output]).toEqual([0, expect.stringMatching(/^user-42 MEMBER \d+\n401\n$/)]);
  });

  test('a session is live, moves with activity only, and says how it ended; nothing shows its token', async () => {
    const { session_token: token, session, shown } = await create();
    expect(session).toMatchObject({
      external_id: 'mia',
      user_name: 'Mia Sommer',
      role: 'MEMBER',
      ended_at: null,
    });
    const live = await check(token);
    expect(live).toMatchObject({
      kind: 'session_token',
      user_id: session.user_id,
      session_id: session.id,
      account_id: account.id,
      warning: false,
      session: { expiry_reason: 'IDLE' },
    });
    expect([shown, live.shown].filter((text) => text.includes(token))).toEqual([]);

    app.clock.advance(MINUTE);
    const { seconds_remaining: left } = await check(token, { touch: false });
    expect(left).toBe(live.seconds_remaining - 60);
    expect(await check(token)).toMatchObject({ seconds_remaining: live.seconds_remaining });
    app.clock.advance(live.seconds_remaining * 1_000);
    expect(await check(token)).toMatchObject({ shown: expect.stringMatching(/^Refused/), reason: 'IDLE' });
    expect(await check('x'.repeat(43))).toMatchObject({ reason: 'NOT_FOUND', end_reason: null });

    const { session_token: next } = await create();
    expect(await call('end_session', { session_token: next })).toEqual({ result: true });
    expect(await call('end_session', { session_token: next })).toEqual({ result: false });
    expect(await check(next)).toMatchObject({ reason: 'REVOKED', end_reason: 'LOGOUT' });
  });

  test('whom the owner signs out is refused at the next check, and so is whom the application signs out everywhere', async () => {
    const { session_token: token, session } = await create();
    await (await account.owner.login()).gql(REVOKE, { id: session.user_id });
    expect(await check(token)).toMatchObject({ reason: 'REVOKED', end_reason: 'REVOKED_BY_OWNER' });
    const { session_token: second } = await create();
    expect(await call('end_user_sessions', { external_id: 'mia', reason: 'PASSWORD_CHANGED' })).toEqual({
      result: 1,
    });
    expect(await check(second)).toMatchObject({ reason: 'REVOKED', end_reason: 'PASSWORD_CHANGED' });
    expect(await call('end_user_sessions', { external_id: 'unknown' })).toMatchObject({ error: 'NOT_FOUND' });
    expect(await call('create_session', { external_id: 'new' })).toMatchObject({ error: 'BAD_USER_INPUT' });
  });

  test('a recent authentication is required where it is asked for, and brings a new token', async () => {
    const { session_token: token } = await create();
    expect(await check(token, { max_auth_age: 3_600 })).toMatchObject({
      reason: 'REAUTHENTICATION_REQUIRED',
      live: { external_id: 'mia' },
    });
    expect(await check(token, { max_auth_age: 86_400 })).toMatchObject({ external_id: 'mia' });
    const { session_token: fresh } = await call('reauthenticate_session', { session_token: token });
    expect(await check(token)).toMatchObject({ reason: 'NOT_FOUND' });
    expect(await check(fresh)).toMatchObject({ external_id: 'mia' });
  });

  test("access tokens of Curfew's own sign-in are good, and those that only follow a session are not", async () => {
    const owner = await account.owner.login();
    const token = owner.accessToken;
    expect(await check(token)).toMatchObject({
      kind: 'access_token',
      session_id: owner.sessionId,
      account_id: account.id,
      role: 'OWNER',
    });
    expect(await call('introspect', { token })).toMatchObject({
      result: { active: true, sid: owner.sessionId },
    });
    expect(await python.call('check', { ...curfew, audience: 'else' }, { token })).toMatchObject({
      reason: 'INVALID_TOKEN',
    });
    const { session_token: session } = await create();
    const issued = await call('issue_session_access_token', { session_token: session });
    expect(issued.shown).not.toContain(issued.access_token);
    expect(await check(issued.access_token)).toMatchObject({ reason: 'SESSION_SCOPED_TOKEN' });
    expect((await owner.gql(LOGOUT)).errors).toBeUndefined();
    expect(await check(token)).toMatchObject({ reason: 'INVALID_TOKEN' });
    expect(await call('introspect', { token: 'x' })).toEqual({ result: { active: false } });
  });

  test('a hundred threads share a few calls', async () => {
    const { session_token: token } = await create();
    let outcomes: any[] = [];
    const calls = await callsDuring(async () => {
      outcomes = await python.call('check', curfew, { token }, { threads: 100 });
    });
    expect(outcomes).toHaveLength(100);
    expect(new Set(outcomes.map(({ external_id: id }) => id))).toEqual(new Set(['mia']));
    expect(new Set(calls)).toEqual(new Set(['POST /graphql CurfewValidate']));
    expect(calls.length).toBeLessThan(20);
  });

  test('without Curfew, with another key, and behind a certificate of an unknown authority, no one gets in', async () => {
    const { session_token: token } = await create();
    const away = { ...curfew, url: 'http://127.0.0.1:1' };
    expect(await python.call('check', away, { token })).toMatchObject({ code: 'UNAVAILABLE' });
    expect(await python.call('end_session', away, { session_token: token })).toMatchObject({
      error: 'UNAVAILABLE',
    });
    const stranger = { ...curfew, service_key: `cfk_${'k'.repeat(43)}` };
    expect(await python.call('check', stranger, { token })).toMatchObject({ code: 'UNAUTHENTICATED' });
    const { accessToken } = await account.owner.login();
    expect(await python.call('check', stranger, { token: accessToken })).toMatchObject({
      code: 'UNAUTHENTICATED',
    });

    const folder = await newFolder({ isEmpty: true });
    const { ca, server } = makeCertificates(folder.path, 'localhost', 'client');
    const tls = { cert: readFileSync(server.cert), key: readFileSync(server.key) };
    const secure = createServer(tls, (_, response) => response.end('{"active": false}'));
    await new Promise<void>((done) => secure.listen(0, '127.0.0.1', done));
    const { port } = secure.address() as AddressInfo;
    const ask = (more: object) =>
      python.call('introspect', { ...curfew, url: `https://localhost:${port}`, ...more }, { token: 'x' });
    expect(await ask({})).toMatchObject({ error: 'UNAVAILABLE' });
    expect(await ask({ authority: ca })).toEqual({ result: { active: false } });
    expect(await ask({ authority: ca, url: `https://127.0.0.1:${port}` })).toMatchObject({
      error: 'UNAVAILABLE',
    });
    secure.closeAllConnections();
    secure.close();
    await folder.remove();
  });
});
