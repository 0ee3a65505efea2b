import { onUsualDatabase } from '../databases.ts';
import type { Answer } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import { collectLog } from '../log-lines.ts';
import type { SeededAccount, SignedIn } from '../seed.ts';
import { from, INVITE, RESET_PASSWORD, SET_ACTIVE, SET_PASSWORD, tokenOf } from './account-calls.ts';

const OPEN = `mutation ($token: String!) {
  openPasswordLink(token: $token) { name email accountName role expiresAt } }`;
const HOUR = 3_600_000;
const GOOD = 'a much better password';

onUsualDatabase((database) => {
  const log = collectLog();
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;
  let invited = 0;

  beforeAll(async () => {
    app = await startApp({
      database,
      logger: log.logger,
      env: {
        TRUST_PROXY: 'true',
        ACCESS_TOKEN_TTL_SECONDS: '1000000000',
        LOGIN_FAILURES_PER_ADDRESS: '3',
      },
    });
  });
  beforeEach(async () => {
    account = await app.seed.account();
    owner = await account.owner.login();
  });
  afterAll(() => app.close());

  const open = (token: string, address = `198.51.100.${(invited += 1)}`): Promise<Answer> =>
    app.gql(OPEN, { token }, from(address));

  async function invite(): Promise<{ id: string; email: string; token: string }> {
    const email = `new-${(invited += 1)}@${database}.example.test`;
    const { data } = await owner.gql(INVITE, { input: { email, name: 'Nia New', role: 'OWNER' } });
    return { id: data.inviteUser.user.id, email, token: tokenOf(data.inviteUser.setPasswordUrl) };
  }

  test('a live link names for whom it is, as often as it is opened, and stays usable', async () => {
    const { email, token } = await invite();
    const expected = {
      openPasswordLink: {
        name: 'Nia New',
        email,
        accountName: account.name,
        role: 'OWNER',
        expiresAt: new Date(app.clock.now().getTime() + 24 * HOUR).toISOString(),
      },
    };
    expect((await open(token)).data).toEqual(expected);
    expect((await open(token)).data).toEqual(expected);
    expect(
      (await app.gql(SET_PASSWORD, { input: { token, newPassword: GOOD } })).data.setPassword.user.email,
    ).toBe(email);
  });

  test('a link for a new password names the role that the user has', async () => {
    const member = await account.addUser();
    const { data } = await owner.gql(RESET_PASSWORD, { userId: member.id });
    const opened = await open(tokenOf(data.resetUserPassword.setPasswordUrl));
    expect(opened.data.openPasswordLink).toMatchObject({ email: member.email, role: 'MEMBER' });
  });

  test('a used, replaced, expired or invented link, and one of an inactive user, are refused alike', async () => {
    const [used, replaced, inactive, expired] = [
      await invite(),
      await invite(),
      await invite(),
      await invite(),
    ];
    await app.gql(SET_PASSWORD, { input: { token: used.token, newPassword: GOOD } });
    await owner.gql(RESET_PASSWORD, { userId: replaced.id });
    await owner.gql(SET_ACTIVE, { userId: inactive.id, isActive: false });
    const first = await open('A'.repeat(43));
    expect(first).toMatchObject({ data: null, extensions: { code: 'INVALID_CREDENTIALS' } });
    for (const token of [used.token, replaced.token, inactive.token, '', '\0', '\ud800', 'x'.repeat(10_000)])
      expect(await open(token)).toEqual(first);
    app.clock.advance(24 * HOUR - 1);
    expect((await open(expired.token)).errors).toBeUndefined();
    app.clock.advance(1);
    expect(await open(expired.token)).toEqual(first);
  });

  test('wrong tokens count as failures of their network, with those of setPassword', async () => {
    const { token } = await invite();
    const address = '203.0.113.5';
    await open('made-up', address);
    await app.gql(SET_PASSWORD, { input: { token: 'made-up', newPassword: GOOD } }, from(address));
    await open('made-up-too', address);
    const refused = await open(token, address);
    expect(refused.extensions).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterSeconds: expect.any(Number),
    });
    expect((await open(token)).errors).toBeUndefined();
  });

  test('a wrong token has a line in the security log, which names no token', async () => {
    await open('made-up-for-the-log');
    const lines = log.lines.filter(({ field }) => field === 'openPasswordLink');
    expect(lines.at(-1)).toMatchObject({ event: 'sign_in.failed', reason: 'LINK_INVALID' });
    expect(log.text()).not.toContain('made-up-for-the-log');
  });
});
