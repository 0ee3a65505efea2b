import { sql } from 'kysely';
import { auditRows } from '../accounts/account-calls.ts';
import { startApp } from '../harness.ts';
import { collectLog } from '../log-lines.ts';
import { CALLBACK, linkedWith, refusal, refusedWith, setStage, type Stage } from './flows.ts';
import { startProvider, type TestProvider } from './provider.ts';

// A provider is trusted for the addresses that it verified, in the domains and accounts that the operator configured.

describe('an e-mail of the provider', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(() => stage.close());

  async function inviteAs(email: string): Promise<string> {
    const owner = await stage.app.seed.account().then(({ owner }) => owner.login());
    const invite = `mutation ($input: InviteUserInput!) { inviteUser(input: $input) { user { id } } }`;
    const { data } = await owner.gql(invite, { input: { email, name: 'Kim' } });
    return data.inviteUser.user.id;
  }
  async function signInWith(email: string) {
    const sub = `subject of ${Buffer.from(email).toString('hex')}`;
    stage.provider.accounts[sub] = { sub, email, email_verified: true };
    return { sub, answer: await stage.signIn(sub) };
  }

  test('is compared in ASCII letters only: the Kelvin sign is no k', async () => {
    await inviteAs('kim@kiosk.example');
    for (const email of [
      '\u212Aim@kiosk.example',
      'kim@\u212Aiosk.example',
      'kim@kio\u017Fk.example',
      'K\u0130M@kiosk.example',
      '\uFF4Bim@kiosk.example',
    ]) {
      const { sub, answer } = await signInWith(email);
      expect(refusal(answer)).toEqual(refusedWith('NOT_INVITED'));
      expect(await linkedWith(stage.app, sub)).toEqual([]);
    }
  });

  test('may be written in capitals', async () => {
    const id = await inviteAs('Capitals@Example.test');
    const { answer } = await signInWith('CAPITALS@EXAMPLE.TEST');
    expect(answer.data.completeOAuthLogin.user.id).toBe(id);
  });

  test('is refused in a form that an invitation would refuse', async () => {
    await inviteAs('plain@example.test');
    for (const email of [
      '<plain@example.test>',
      'plain@example.test\0',
      'plain@example.test,x',
      '@',
      'plain@example.test\n.',
    ])
      expect(refusal((await signInWith(email)).answer)).toEqual(refusedWith('NOT_INVITED'));
  });
});

test('the password sign-in does not take the Kelvin sign for a k either', async () => {
  const app = await startApp();
  const { owner } = await app.seed.account();
  await sql`update users set email = 'kim@kiosk.example', sign_in_email = 'kim@kiosk.example' where id = ${owner.id}`.execute(
    app.database.em().getKysely(),
  );
  expect((await owner.tryLogin({ email: '\u212Aim@kiosk.example' })).code).toBe('INVALID_CREDENTIALS');
  expect((await owner.tryLogin({ email: ' KIM@Kiosk.example ' })).errors).toBeUndefined();
  await app.close();
});

describe('a provider with limits', () => {
  let stage: Stage;
  let provider: TestProvider;
  let ids: { inside: string; outside: string };
  beforeAll(async () => {
    // Accounts exist before a server with their settings starts, so two servers share a database.
    const first = await setStage();
    const [inside, outside] = [await first.invite(), await first.invite()];
    ids = { inside: inside.accountId, outside: outside.accountId };
    ({ provider } = first);
    stage = first;
  });
  afterAll(() => stage.close());

  async function withLimits(
    limits: { emailDomains?: string[]; accountIds?: string[] },
    run: (limited: Stage) => Promise<void>,
  ): Promise<void> {
    const settings = { ...provider.settings('test', 'The provider'), ...limits };
    const limited = await setStage({
      app: {
        sharedDatabase: { ...stage.app.testDatabase, open: async () => shared(stage) },
        env: { OIDC_PROVIDERS: JSON.stringify([settings]), OIDC_REDIRECT_URIS: CALLBACK },
      },
      provider: {},
    });
    try {
      await run({ ...limited, provider, signIn: (account) => signInAt(limited, account!) });
    } finally {
      await limited.app.app.close();
      await limited.provider.close();
    }
  }
  const shared = ({ app }: Stage) => app.database;
  async function signInAt(limited: Stage, account: string) {
    const { data } = await limited.start();
    const { authorizationUrl, flowToken } = data.startOAuthLogin;
    return limited.complete({ callbackUrl: await provider.signIn(authorizationUrl, account), flowToken });
  }
  const emailOf = async (accountId: string): Promise<string> => {
    const { rows } = await sql<{ email: string }>`
      select sign_in_email as email from users where account_id = ${accountId}`.execute(
      stage.app.database.em().getKysely(),
    );
    return rows[0]!.email;
  };

  test('is trusted only for users of its accounts', async () => {
    await withLimits({ accountIds: [ids.inside.toUpperCase()] }, async (limited) => {
      const outside = await emailOf(ids.outside);
      expect((await limited.signIn(await emailOf(ids.inside))).errors).toBeUndefined();
      expect(refusal(await limited.signIn(outside))).toEqual(refusedWith('NOT_INVITED'));
      expect(await linkedWith(stage.app, outside)).toEqual([]);
      const trail = await auditRows(stage.app, ids.outside);
      const failures = trail.filter(({ action }) => action === 'login.failed');
      expect(failures).toMatchObject([{ details: { provider: 'test' } }]);
    });
  });

  test('is trusted only for addresses of exactly its domains', async () => {
    const email = await emailOf(ids.inside);
    await withLimits({ emailDomains: ['EXAMPLE.test'] }, async (limited) => {
      expect((await limited.signIn(email)).errors).toBeUndefined();
    });
    for (const domain of ['test.test', 'sub.example.test', 'xample.test', 'example.tes'])
      await withLimits({ emailDomains: [domain] }, async (limited) => {
        // Linked or not: a withdrawn setting takes effect from then on.
        expect(refusal(await limited.signIn(email))).toEqual(refusedWith('NOT_INVITED'));
      });
  });

  test('without limits and with several accounts is named in a warning at the start', async () => {
    const log = collectLog();
    const idle = await startProvider({ redirectUris: [CALLBACK] });
    const providers = [
      idle.settings('open'),
      { ...idle.settings('limited'), emailDomains: ['example.test'] },
    ];
    const sharedDatabase = { ...stage.app.testDatabase, open: async () => stage.app.database };
    const env = { OIDC_PROVIDERS: JSON.stringify(providers) };
    const app = await startApp({ sharedDatabase, env, logger: log.logger });
    const warnings = log.lines.filter(({ part }) => part === 'oidc');
    expect(warnings).toMatchObject([{ level: 40, providers: ['open'] }]);
    await app.app.close();
    await idle.close();
  });
});
