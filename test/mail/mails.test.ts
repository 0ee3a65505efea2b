import {
  CHANGE_PASSWORD,
  from,
  RENAME_ACCOUNT,
  RESET_PASSWORD,
  SET_ACTIVE,
  SET_PASSWORD,
  tokenOf,
} from '../accounts/account-calls.ts';
import { onUsualDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { scrape } from '../monitoring/scrape.ts';
import { PASSWORD, type SeededAccount, type SignedIn } from '../seed.ts';
import { mailEnv, startSmtpServer, type TestSmtpServer } from './smtp.ts';

const INVITE_BY_MAIL = `mutation ($input: InviteUserInput!) {
  inviteUser(input: $input) { user { id } setPasswordUrl sentByMail } }`;
const RESET_BY_MAIL = `mutation ($userId: ID!) { resetUserPassword(userId: $userId) { setPasswordUrl sentByMail } }`;
const INVITE_MANY_BY_MAIL = `mutation ($input: [InviteUsersEntry!]!) {
  inviteUsers(input: $input) { email setPasswordUrl sentByMail } }`;
const DELETE_USER = 'mutation ($userId: ID!) { deleteUser(userId: $userId) }';
const GOOD = 'a much better password';

onUsualDatabase((database) => {
  let smtp: TestSmtpServer;
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;
  let ownerName: string;
  let invited = 0;

  beforeAll(async () => {
    smtp = await startSmtpServer();
    app = await startApp({
      database,
      env: { ...mailEnv(smtp.url), TRUST_PROXY: 'true', ACCESS_TOKEN_TTL_SECONDS: '1000000000' },
    });
  });
  beforeEach(async () => {
    account = await app.seed.account();
    owner = await account.owner.login();
    ownerName = owner.payload.user.name;
  });
  afterAll(async () => {
    await app.close();
    await smtp.close();
  });

  async function invite(name = 'Nia New', role = 'MEMBER') {
    const email = `new-${(invited += 1)}@${database}.example.test`;
    const { data } = await owner.gql(INVITE_BY_MAIL, { input: { email, name, role } });
    return { email, ...data.inviteUser } as {
      email: string;
      user: { id: string };
      setPasswordUrl: string;
      sentByMail: boolean;
    };
  }

  test('an invitation goes to the invited by mail, and to the owner in the answer', async () => {
    const { email, setPasswordUrl, sentByMail } = await invite('Nia New', 'OWNER');
    expect(sentByMail).toBe(true);
    const mail = await smtp.next();
    expect(mail.recipients).toEqual([email]);
    expect(mail.link).toBe(setPasswordUrl);
    expect(mail.headers).toMatchObject({
      from: 'Curfew <no-reply@curfew.example>',
      to: email,
      subject: `${ownerName} invited you to ${account.name}`,
      'auto-submitted': 'auto-generated',
      'content-type': 'text/plain; charset=utf-8',
    });
    expect(mail.text).toContain(`${ownerName} invited you to ${account.name} as an owner.`);
    expect(mail.text).toContain('once, for 24 hours');
    expect(mail.text).not.toMatch(/<[a-z]/i);
    const used = await app.gql(SET_PASSWORD, { input: { token: tokenOf(mail.link!), newPassword: GOOD } });
    expect(used.data.setPassword.user.email).toBe(email);
  });

  test("an owner's link for a new password goes by mail, at most five an hour", async () => {
    const member = await account.addUser();
    for (let sent = 1; sent <= 5; sent += 1) {
      const { data } = await owner.gql(RESET_BY_MAIL, { userId: member.id });
      expect(data.resetUserPassword.sentByMail).toBe(true);
      const mail = await smtp.next();
      expect(mail.recipients).toEqual([member.email]);
      expect(mail.link).toBe(data.resetUserPassword.setPasswordUrl);
      expect(mail.headers.subject).toBe(`Set your password for ${account.name}`);
    }
    const sixth = await owner.gql(RESET_BY_MAIL, { userId: member.id });
    expect(sixth.data.resetUserPassword).toEqual({
      setPasswordUrl: expect.stringContaining('#token='),
      sentByMail: false,
    });
    // The embedded database has one node, which counts in memory by its own clock.
    if (database === 'embedded') return;
    app.clock.advance(3_600_000);
    owner = await account.owner.login();
    const later = await owner.gql(RESET_BY_MAIL, { userId: member.id });
    expect(later.data.resetUserPassword.sentByMail).toBe(true);
    await smtp.next();
  });

  test('one mailbox gets five an hour, no matter for whom they are', async () => {
    const mailbox = `Victim-${account.id}`;
    const other = await (await app.seed.account()).owner.login();
    let sent = 0;
    for (let round = 0; round < 8; round += 1) {
      const who = round % 2 ? owner : other;
      const email = `${round % 3 ? mailbox : mailbox.toLowerCase()}+${round}@example.test`;
      const { data } = await who.gql(INVITE_BY_MAIL, { input: { email, name: 'Vi Victim' } });
      expect(data.inviteUser.setPasswordUrl).toContain('#token=');
      if (data.inviteUser.sentByMail) sent += 1;
      await who.gql(DELETE_USER, { userId: data.inviteUser.user.id });
    }
    expect(sent).toBe(5);
    while (sent-- > 0) await smtp.next();
  });

  test('an import is mailed as a whole, and what its mailbox has no room for is not', async () => {
    const many = Array.from({ length: 120 }, (_, n) => ({
      email: n < 7 ? `same+${n}@${database}.import.test` : `import-${n}@${database}.import.test`,
      name: 'Im Ported',
      role: n % 2 ? 'OWNER' : 'MEMBER',
    }));
    const { data } = await owner.gql(INVITE_MANY_BY_MAIL, {
      input: [...many, { email: 'none', name: 'No' }],
    });
    const results = data.inviteUsers as {
      sentByMail: boolean;
      setPasswordUrl: string | null;
      email: string;
    }[];
    const sent = results.filter(({ sentByMail }) => sentByMail);
    const toOneMailbox = sent.filter(({ email }) => email.startsWith('same'));
    expect(toOneMailbox.length).toBeLessThanOrEqual(5);
    expect(sent.length - toOneMailbox.length).toBe(113);
    expect(results.at(-1)).toMatchObject({ sentByMail: false, setPasswordUrl: null });
    const mails = [];
    while (mails.length < sent.length) mails.push(await smtp.next());
    const linkOf = new Map(mails.map(({ recipients, link }) => [recipients[0], link]));
    for (const { email, setPasswordUrl } of sent) expect(linkOf.get(email)).toBe(setPasswordUrl);
    const owners = mails.filter(({ text }) => text.includes('as an owner'));
    expect(owners.map(({ recipients }) => recipients[0]).toSorted()).toEqual(
      sent
        .flatMap(({ email }) => (many.find((each) => each.email === email)!.role === 'OWNER' ? email : []))
        .toSorted(),
    );
  });

  test('an inactive user is sent nothing', async () => {
    const member = await account.addUser();
    await owner.gql(SET_ACTIVE, { userId: member.id, isActive: false });
    const { data } = await owner.gql(RESET_BY_MAIL, { userId: member.id });
    expect(data.resetUserPassword.sentByMail).toBe(false);
  });

  test('a changed password is told by mail, a first one is not', async () => {
    const member = await account.addUser();
    const me = await member.login();
    await me.gql(CHANGE_PASSWORD, { input: { currentPassword: PASSWORD, newPassword: GOOD } });
    const changed = await smtp.next();
    expect(changed).toMatchObject({ recipients: [member.email], link: null });
    expect(changed.headers.subject).toBe(`Your password for ${account.name} was changed`);
    expect(changed.text).toContain(`${app.url}/login`);

    const reset = await owner.gql(RESET_PASSWORD, { userId: member.id });
    await smtp.next();
    const token = tokenOf(reset.data.resetUserPassword.setPasswordUrl);
    await app.gql(SET_PASSWORD, { input: { token, newPassword: 'another good password' } });
    expect((await smtp.next()).headers.subject).toBe(`Your password for ${account.name} was changed`);

    const { setPasswordUrl } = await invite();
    await smtp.next();
    await app.gql(SET_PASSWORD, { input: { token: tokenOf(setPasswordUrl), newPassword: GOOD } });
    const last = await invite();
    expect((await smtp.next()).recipients).toEqual([last.email]);
  });

  test.each([
    ['Bcc: x@evil.example', 'Nia\u2028Bcc: x@evil.example'],
    ['a direction of writing', 'Nia \u202Egnp.exe'],
    ['another recipient', 'Nia <x@evil.example>, Max <y@evil.example>'],
    ['an encoded word', '=?utf-8?B?DQpCY2M6IHhAZXZpbC5leGFtcGxl?='],
    ['200 characters', 'N'.repeat(200)],
  ])('a name with %s adds no header and no recipient', async (_, name) => {
    await owner.gql(`mutation ($input: InviteUserInput!) { inviteUser(input: $input) { user { id } } }`, {
      input: { email: `writer-${(invited += 1)}@${database}.example.test`, name, role: 'OWNER' },
    });
    const link = (await smtp.next()).link!;
    const writer = await app.gql(SET_PASSWORD, { input: { token: tokenOf(link), newPassword: GOOD } });
    const email = `read-${(invited += 1)}@${database}.example.test`;
    const answer = await app.gql(
      INVITE_BY_MAIL,
      { input: { email, name: 'Rea Reader' } },
      { token: writer.data.setPassword.accessToken },
    );
    expect(answer.data.inviteUser.sentByMail).toBe(true);
    const mail = await smtp.next();
    expect(mail.recipients).toEqual([email]);
    expect(Object.keys(mail.headers).toSorted()).toEqual([
      'auto-submitted',
      'content-transfer-encoding',
      'content-type',
      'date',
      'from',
      'message-id',
      'mime-version',
      'subject',
      'to',
    ]);
    expect(mail.headers.to).toBe(email);
    expect(mail.headers.subject).not.toMatch(/[\u2028\u202E]/);
    expect(mail.headers.subject!.length).toBeLessThan(80 + ' invited you to '.length + 80);
  });

  test.each(['Win at https://evil.example/now', 'www.evil.example', 'evil\u3002example', '//evil.example'])(
    'the name %j in a mail is no link',
    async (name) => {
      await owner.gql(RENAME_ACCOUNT, { name });
      const { setPasswordUrl } = await invite();
      const mail = await smtp.next();
      expect(mail.text.replace(setPasswordUrl, '')).not.toMatch(/:\/\/|[.\u3002]\w/);
      expect(mail.headers.subject).not.toMatch(/:\/\/|[.\u3002]\w/);
      expect(mail.text).toContain('evil');
    },
  );

  test('mails are counted by kind and outcome', async () => {
    const before = (await scrape(app)).text;
    await invite();
    await smtp.next();
    const counted = (text: string) =>
      Number(/curfew_mails_total\{kind="invitation",outcome="sent"\} (\d+)/.exec(text)![1]);
    await app.gql('{ serverTime }');
    expect(counted((await scrape(app)).text)).toBeGreaterThan(counted(before));
  });
});

test('without an SMTP server links are for the owner alone', async () => {
  const app = await startApp();
  try {
    const owner = await (await app.seed.account()).owner.login();
    const { data } = await owner.gql(INVITE_BY_MAIL, { input: { email: 'nia@example.test', name: 'Nia' } });
    expect(data.inviteUser).toMatchObject({
      setPasswordUrl: expect.stringContaining('#token='),
      sentByMail: false,
    });
    expect((await app.gql('{ signInOptions { passwordResetByMail } }')).data).toEqual({
      signInOptions: { passwordResetByMail: false },
    });
    const asked = await app.gql(
      'mutation ($email: String!) { requestPasswordReset(email: $email) }',
      { email: 'nia@example.test' },
      from('192.0.2.7'),
    );
    expect(asked.extensions).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'MAIL_NOT_CONFIGURED' });
  } finally {
    await app.close();
  }
});
