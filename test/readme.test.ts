import { readFileSync } from 'node:fs';
import { startApp, type TestApp } from './harness.ts';
import { REFRESH } from './seed.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const operations = [...readme.matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, source]) => source!);
const named = (name: string): string => operations.find((source) => source.includes(name))!;

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ demo: true });
});
afterAll(() => app.close());

test('the commands that the README lists work in order on the demo', async () => {
  const { email, password } = app.demo.owner;
  const signIn = await app.gql(named('SignIn'), { email, password });
  expect(signIn.data.login.user.role).toBe('OWNER');
  const { accessToken: token, refreshToken } = signIn.data.login;

  const preview = await app.gql(named('Preview'), {}, { token });
  expect(preview.data.sessionPolicy).toMatchObject({ effectiveIdleMinutes: 10 });
  expect(preview.data.sessionPolicyImpact.activeSessions).toBeGreaterThan(5);

  const watch = app.subscribe(named('Watch'), { accessToken: token });
  await watch.connected;
  app.clock.advance(4 * 60_000 + 59_000);
  expect(watch.events).toEqual([]);
  app.clock.advance(2_000);
  expect(await watch.next()).toMatchObject({ kind: 'WARNING', reason: 'IDLE', canExtend: true });

  const renewed = await app.gql(REFRESH, { input: { refreshToken } });
  expect(await watch.next()).toMatchObject({ kind: 'EXTENDED' });

  const fresh: string = renewed.data.refreshSession.accessToken;
  const revoked = await app.gql(named('SignEveryoneOut'), {}, { token: fresh });
  expect(revoked.data.revokeSessions.revokedCount).toBeGreaterThan(5);
  expect(await watch.next()).toMatchObject({ kind: 'REVOKED', endReason: 'REVOKED_BY_OWNER' });
});
