import { createServer, type Socket } from 'node:net';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { makeCertificates } from '../environments/certificates.ts';
import { startApp, type TestApp } from '../harness.ts';
import { collectLog } from '../log-lines.ts';
import { scrape } from '../monitoring/scrape.ts';
import { findFreePort } from '../../server/http/free-port.ts';
import { waitUntil } from '../wait-until.ts';
import { mailEnv, startSmtpServer } from './smtp.ts';

const INVITE_BY_MAIL = `mutation ($input: InviteUserInput!) {
  inviteUser(input: $input) { setPasswordUrl sentByMail } }`;
const EMAIL = 'nia.new@example.test';
/** Less than a mail server gets: an answer does not wait for it. Long, for a busy machine. */
const ANSWER_MS = 8_000;

async function withApp(
  url: string,
  use: (app: TestApp, log: ReturnType<typeof collectLog>) => Promise<void>,
): Promise<void> {
  const log = collectLog();
  const app = await startApp({ env: mailEnv(url), logger: log.logger });
  try {
    await use(app, log);
  } finally {
    await app.close();
  }
}

/** Invites someone; the owner has the link at once, and the log never has it. */
async function invite(app: TestApp): Promise<string> {
  const owner = await (await app.seed.account()).owner.login();
  const started = performance.now();
  const { data } = await owner.gql(INVITE_BY_MAIL, { input: { email: EMAIL, name: 'Nia New' } });
  expect(performance.now() - started).toBeLessThan(ANSWER_MS);
  expect(data.inviteUser.sentByMail).toBe(true);
  return data.inviteUser.setPasswordUrl;
}

const outcomes = async (app: TestApp, outcome: string) =>
  (await scrape(app)).value(`curfew_mails_total{kind="invitation",outcome="${outcome}"}`);

function expectNoSecrets(log: ReturnType<typeof collectLog>, link: string): void {
  expect(log.text()).not.toContain(link.split('token=')[1]);
  expect(JSON.stringify(log.lines.filter(({ part }) => part === 'mail'))).not.toContain(EMAIL);
  expect(log.text()).not.toContain('pass-of-smtp');
}

test('a server that refuses for good gets one attempt', async () => {
  const smtp = await startSmtpServer({ refuse: () => ({ code: 550, text: `No mailbox ${EMAIL}` }) });
  await withApp(smtp.url, async (app, log) => {
    const link = await invite(app);
    await waitUntil(async () => (await outcomes(app, 'failed')) === 1);
    expect(log.lines.find(({ part }) => part === 'mail')).toMatchObject({
      kind: 'invitation',
      status: 550,
      attempts: 1,
      msg: 'a mail was not sent; the person needs a new link',
    });
    expect(smtp.attempts).toBe(1);
    expectNoSecrets(log, link);
  });
  await smtp.close();
});

test('a server that refuses for now is tried again, with the same mail', async () => {
  const smtp = await startSmtpServer({
    refuse: (attempt) => (attempt === 1 ? { code: 451, text: `${EMAIL} is greylisted` } : null),
  });
  await withApp(smtp.url, async (app, log) => {
    const link = await invite(app);
    expect((await smtp.next()).link).toBe(link);
    expect(smtp.attempts).toBe(2);
    await waitUntil(async () => (await outcomes(app, 'sent')) === 1);
    expect(await outcomes(app, 'delayed')).toBe(1);
    expectNoSecrets(log, link);
  });
  await smtp.close();
});

test('an unreachable server holds up neither the answer nor the end of the process', async () => {
  const url = `smtp://curfew:pass-of-smtp@127.0.0.1:${await findFreePort()}`;
  await withApp(url, async (app, log) => {
    const link = await invite(app);
    await waitUntil(async () => (await outcomes(app, 'delayed')) === 1);
    const started = performance.now();
    await app.close();
    expect(performance.now() - started).toBeLessThan(6_000);
    const lines = log.lines.filter(({ part }) => part === 'mail');
    expect(lines.map(({ attempts, code }) => [attempts, code])).toEqual([
      [1, 'ESOCKET'],
      [2, 'ESOCKET'],
    ]);
    expectNoSecrets(log, link);
  });
});

test('a server that takes connections and says nothing holds up neither, too', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  await withApp(`smtp://127.0.0.1:${port}`, async (app, log) => {
    const link = await invite(app);
    const started = performance.now();
    await app.close();
    expect(performance.now() - started).toBeLessThan(6_000);
    expect(log.lines.filter(({ part }) => part === 'mail')).toMatchObject([
      { mails: 1, msg: 'mails were not sent before Curfew stopped; these people need a new link' },
    ]);
    expectNoSecrets(log, link);
  });
  for (const socket of sockets) socket.destroy();
  silent.close();
});

test('what waits is sent at shutdown', async () => {
  const smtp = await startSmtpServer();
  await withApp(smtp.url, async (app) => {
    const link = await invite(app);
    await app.close();
    expect(smtp.mails.map((mail) => mail.link)).toEqual([link]);
  });
  await smtp.close();
});

describe('over TLS', () => {
  let folder: string;
  let server: { key: Buffer; cert: Buffer };
  let ca: string;
  const trusted = tls.getCACertificates('default');
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'curfew-smtp-'));
    const made = makeCertificates(folder, 'localhost', 'curfew');
    server = { key: await readFile(made.server.key), cert: await readFile(made.server.cert) };
    ca = await readFile(made.ca, 'utf8');
  });
  afterEach(() => tls.setDefaultCACertificates(trusted));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each([
    ['smtps', true],
    ['smtp', false],
  ])('%s:// signs in over TLS at a server whose certificate is trusted', async (protocol, secure) => {
    tls.setDefaultCACertificates([...trusted, ca]);
    const smtp = await startSmtpServer({ ...server, secure });
    await withApp(`${protocol}://curfew:pass-of-smtp@localhost:${smtp.port}`, async (app, log) => {
      const link = await invite(app);
      expect(await smtp.next()).toMatchObject({ link, isSecure: true, user: 'curfew' });
      expectNoSecrets(log, link);
    });
    await smtp.close();
  });

  test.each([
    ['smtps', true],
    ['smtp', false],
  ])('%s:// sends nothing to a server whose certificate is not', async (protocol, secure) => {
    const smtp = await startSmtpServer({ ...server, secure });
    await withApp(`${protocol}://curfew:pass-of-smtp@localhost:${smtp.port}`, async (app, log) => {
      await invite(app);
      await waitUntil(async () => (await outcomes(app, 'delayed')) === 1);
      expect(log.lines.find(({ part }) => part === 'mail')!.problem).toMatch(/certificate/);
      expect(smtp.attempts).toBe(0);
    });
    await smtp.close();
  });
});
