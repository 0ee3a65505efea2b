import { sql } from 'kysely';
import {
  auditRows,
  from,
  INVITE,
  RESET_PASSWORD,
  SET_ACTIVE,
  SET_PASSWORD,
  tokenOf,
} from '../accounts/account-calls.ts';
import { createTestDatabase, onUsualDatabase, onPostgres } from '../databases.ts';
import type { Answer } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import { createManualClock } from '../manual-clock.ts';
import type { Person, SeededAccount, SignedIn } from '../seed.ts';
import { mailEnv, startSmtpServer, type TestSmtpServer } from './smtp.ts';

const REQUEST = 'mutation ($email: String!) { requestPasswordReset(email: $email) }';
const DELETE_USER = 'mutation ($userId: ID!) { deleteUser(userId: $userId) }';
const GOOD = 'a much better password';
const MINUTE = 60_000;
/** Answers come at multiples of this; see password-verification.ts. */
const STEP_MS = 100;

onUsualDatabase((database) => {
  let smtp: TestSmtpServer;
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;
  let people = 0;

  beforeAll(async () => {
    smtp = await startSmtpServer();
    app = await startApp({
      database,
      env: {
        ...mailEnv(smtp.url),
        TRUST_PROXY: 'true',
        ACCESS_TOKEN_TTL_SECONDS: '1000000000',
        LOGIN_FAILURES_PER_ADDRESS: '12',
      },
    });
  });
  beforeEach(async () => {
    account = await app.seed.account();
    owner = await account.owner.login();
  });
  afterAll(async () => {
    await app.close();
    await smtp.close();
  });

  /** Asks from a network that has asked for nothing before. */
  const ask = (email: string, address = `198.51.100.${(people += 1)}`): Promise<Answer> =>
    app.gql(REQUEST, { email }, from(address));

  /** A person of this test to ask for last: mails come in the order in which they were asked for. */
  async function expectNoMailBut({ email }: Person): Promise<void> {
    await ask(email);
    expect((await smtp.next()).recipients).toEqual([email]);
  }

  async function addIdentity(userId: string): Promise<void> {
    await sql`insert into user_identities (issuer, subject, user_id, created_at)
      values ('https://id.example', ${userId}, ${userId}, now())`.execute(app.database.em().getKysely());
  }

  test('a person gets a link, which signs them in, with a row that names the address', async () => {
    const member = await account.addUser();
    const answer = await ask(` ${member.email.toUpperCase()} `, '203.0.113.9');
    expect(answer.data).toEqual({ requestPasswordReset: true });
    const mail = await smtp.next();
    expect(mail.recipients).toEqual([member.email]);
    expect(mail.text).toContain(account.name);
    const rows = (await auditRows(app, account.id)).filter(
      ({ action }) => action === 'user.password_link_requested',
    );
    expect(rows).toEqual([
      {
        action: 'user.password_link_requested',
        actor_id: null,
        actor_name: 'unknown',
        resource_type: 'user',
        resource_id: member.id,
        details: {},
        ip_address: '203.0.113.9',
      },
    ]);
    const used = await app.gql(SET_PASSWORD, { input: { token: tokenOf(mail.link!), newPassword: GOOD } });
    expect(used.data.setPassword.user.id).toBe(member.id);
    expect((await smtp.next()).headers.subject).toContain('was changed');
    expect((await member.tryLogin({ password: GOOD })).errors).toBeUndefined();
  });

  test('the answer is the same for everyone: status, text, cookies, and a whole step of time', async () => {
    const [active, inactive, witness] = [
      await account.addUser(),
      await account.addUser(),
      await account.addUser(),
    ];
    await owner.gql(SET_ACTIVE, { userId: inactive.id, isActive: false });
    const invited = `ivy-${account.id}@example.test`;
    await owner.gql(INVITE, { input: { email: invited, name: 'Ivy Invited' } });
    await smtp.next();
    const answers: Answer[] = [];
    for (const email of [active.email, inactive.email, invited, `nobody-${account.id}@example.test`]) {
      const started = performance.now();
      answers.push(await ask(email));
      // Timers may fire a millisecond early.
      expect({ email, isEarly: performance.now() - started < STEP_MS - 1 }).toEqual({
        email,
        isEarly: false,
      });
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ status: 200, data: { requestPasswordReset: true }, setCookie: null });
    expect([(await smtp.next()).recipients, (await smtp.next()).recipients]).toEqual([
      [active.email],
      [invited],
    ]);
    await expectNoMailBut(witness);
  });

  test('one mail in three minutes and three an hour for each person, and no row without a mail', async () => {
    const [member, witness] = [await account.addUser(), await account.addUser()];
    const steps: [wait: number, isSent: boolean][] = [
      [0, true],
      [0, false],
      [3 * MINUTE - 1, false],
      [1, true],
      [3 * MINUTE, true],
      [3 * MINUTE, false],
      [54 * MINUTE - 1, false],
      [1, true],
    ];
    let sent = 0;
    for (const [wait, isSent] of steps) {
      app.clock.advance(wait);
      expect((await ask(member.email)).data).toEqual({ requestPasswordReset: true });
      if (!isSent) continue;
      sent += 1;
      expect((await smtp.next()).recipients).toEqual([member.email]);
    }
    await expectNoMailBut(witness);
    const rows = (await auditRows(app, account.id)).filter(
      ({ action, resource_id }) => action === 'user.password_link_requested' && resource_id === member.id,
    );
    expect(rows).toHaveLength(sent);
  });

  test('a person who is deleted and invited again is one mailbox', async () => {
    const email = `again-${account.id}@example.test`;
    let requested = 0;
    for (let round = 0; round < 7; round += 1) {
      const witness = await account.addUser();
      const { data } = await owner.gql(INVITE, { input: { email, name: 'Ana Again' } });
      await ask(email);
      await ask(witness.email);
      for (let mail = await smtp.next(); mail.recipients[0] !== witness.email; mail = await smtp.next())
        if (mail.text.startsWith('Someone asked')) requested += 1;
      await owner.gql(DELETE_USER, { userId: data.inviteUser.user.id });
    }
    expect(requested).toBe(5);
  });

  test('requests at the same moment send one mail', async () => {
    const [member, witness] = [await account.addUser(), await account.addUser()];
    await Promise.all(Array.from({ length: 6 }, () => ask(member.email)));
    expect((await smtp.next()).recipients).toEqual([member.email]);
    await expectNoMailBut(witness);
  });

  test('a network is limited for every e-mail, and others are not', async () => {
    const address = '203.0.113.77';
    for (let asked = 0; asked < 12; asked += 1) await ask(`no-one-${asked}@example.test`, address);
    const refused = await ask('no-one@example.test', address);
    expect(refused.extensions).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterSeconds: expect.any(Number),
    });
    expect((await ask(account.owner.email, address)).extensions).toEqual(refused.extensions);
    await expectNoMailBut(account.owner);
    // Signing in from there is another matter.
    expect((await account.owner.tryLogin({}, from(address))).errors).toBeUndefined();
  });

  test('a text that is no e-mail is refused', async () => {
    for (const email of [
      '',
      'noor',
      'a@b',
      'noor@example.test\r\nBcc: x@evil.example',
      '\0',
      'x'.repeat(300),
    ])
      expect((await ask(email)).extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'email',
        reason: 'MALFORMED',
      });
  });

  test('a person who only signs in at an identity provider gets no link; with a password too they do', async () => {
    const [witness, both] = [await account.addUser(), await account.addUser()];
    const email = `id-only-${account.id}@example.test`;
    const invited = await owner.gql(INVITE, { input: { email, name: 'Ida Only' } });
    await smtp.next();
    await addIdentity(invited.data.inviteUser.user.id);
    await addIdentity(both.id);
    await ask(email);
    await ask(both.email);
    expect((await smtp.next()).recipients).toEqual([both.email]);
    await expectNoMailBut(witness);
  });

  test('the link of an invitation stays valid, and the requested one gives its role, too', async () => {
    const email = `boss-${account.id}@example.test`;
    const invited = await owner.gql(INVITE, { input: { email, name: 'Bo Boss', role: 'OWNER' } });
    await smtp.next();
    await ask(email);
    const requested = tokenOf((await smtp.next()).link!);
    const first = tokenOf(invited.data.inviteUser.setPasswordUrl);
    for (const token of [first, requested])
      expect(
        (await app.gql('mutation ($token: String!) { openPasswordLink(token: $token) { role } }', { token }))
          .data,
      ).toEqual({ openPasswordLink: { role: 'OWNER' } });
    const used = await app.gql(
      `mutation ($input: SetPasswordInput!) { setPassword(input: $input) { user { role } } }`,
      { input: { token: requested, newPassword: GOOD } },
    );
    expect(used.data.setPassword.user.role).toBe('OWNER');
    expect((await app.gql(SET_PASSWORD, { input: { token: first, newPassword: GOOD } })).code).toBe(
      'INVALID_CREDENTIALS',
    );
  });

  test("an owner's new link ends the requested one", async () => {
    const member = await account.addUser();
    await ask(member.email);
    const requested = tokenOf((await smtp.next()).link!);
    await owner.gql(RESET_PASSWORD, { userId: member.id });
    await smtp.next();
    expect((await app.gql(SET_PASSWORD, { input: { token: requested, newPassword: GOOD } })).code).toBe(
      'INVALID_CREDENTIALS',
    );
  });

  test('the deletion of a person removes the address of a request for their link', async () => {
    const [member, witness] = [await account.addUser(), await account.addUser()];
    for (const { email } of [member, witness]) {
      await ask(email);
      await smtp.next();
    }
    expect((await owner.gql(DELETE_USER, { userId: member.id })).errors).toBeUndefined();
    const rows = (await auditRows(app, account.id)).filter(
      ({ action }) => action === 'user.password_link_requested',
    );
    const isErased = (userId: string) =>
      rows.filter(({ resource_id }) => resource_id === userId).map(({ ip_address }) => ip_address === null);
    expect([isErased(member.id), isErased(witness.id)]).toEqual([[true], [false]]);
    await ask(member.email);
    await expectNoMailBut(account.owner);
  });

  test('a session that has ended does not keep anyone from asking', async () => {
    const answer = await app.gql(REQUEST, { email: 'no-one@example.test' }, { token: 'not.a.token' });
    expect(answer.data).toEqual({ requestPasswordReset: true });
    expect((await app.gql('{ signInOptions { passwordResetByMail } }')).data).toEqual({
      signInOptions: { passwordResetByMail: true },
    });
  });
});

onPostgres(() => {
  test('two nodes send one mail, and count the requests of a network together', async () => {
    const shared = await createTestDatabase('postgresql');
    const smtp = await startSmtpServer();
    const clock = createManualClock();
    const env = { ...mailEnv(smtp.url), TRUST_PROXY: 'true', LOGIN_FAILURES_PER_ADDRESS: '4' };
    const start = () => startApp({ sharedDatabase: shared, clock, env });
    const nodes = [await start(), await start()] as const;
    try {
      const account = await nodes[0].seed.account();
      const [member, witness] = [await account.addUser(), await account.addUser()];
      await Promise.all(
        [0, 1, 0, 1].map((node, index) =>
          nodes[node as 0 | 1].gql(REQUEST, { email: member.email }, from(`203.0.113.${index + 1}`)),
        ),
      );
      expect((await smtp.next()).recipients).toEqual([member.email]);
      await nodes[1].gql(REQUEST, { email: witness.email }, from('203.0.113.9'));
      expect((await smtp.next()).recipients).toEqual([witness.email]);

      const codes: (string | undefined)[] = [];
      for (const node of [0, 1, 0, 1, 0, 1] as const)
        codes.push((await nodes[node].gql(REQUEST, { email: 'x@example.test' }, from('192.0.2.1'))).code);
      expect(codes).toEqual([undefined, undefined, undefined, undefined, 'RATE_LIMITED', 'RATE_LIMITED']);
    } finally {
      for (const node of nodes) await node.close();
      await smtp.close();
      await shared.drop();
    }
  });
});
