import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { CHANGE_PASSWORD, LOGOUT, SET_ACTIVE } from '../accounts/account-calls.ts';
import { startApp, type TestApp } from '../harness.ts';
import { inRoot, withProgram } from '../operations/deploy-files.ts';
import { PASSWORD, type Person, type SignedIn } from '../seed.ts';
import { waitUntil } from '../wait-until.ts';
import { createStream, listDeliveries, PRIVATE, sendTest, updateStream } from './stream-calls.ts';

/** Debian's, which has python3-jwcrypto. */
const PYTHON = '/usr/bin/python3';
const AUDIENCE = 'https://receiver.example.com/of-python';

interface Line {
  port?: number;
  claims?: any;
  repeated?: boolean;
  err?: string;
  description?: string;
}

withProgram(PYTHON, ['-c', 'import jwcrypto'], () => {
  let app: TestApp;
  let owner: SignedIn;
  let member: Person;
  let python: ChildProcess;
  let lines: Line[];
  let url: string;

  beforeAll(async () => {
    app = await startApp({ env: PRIVATE, clock: 'real' });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    const account = await app.seed.account();
    member = await account.addUser();
    owner = await account.owner.login();
    lines = [];
    python = spawn(PYTHON, [inRoot('test/event-streams/peers/receiver.py'), app.url, AUDIENCE], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: python.stdout! }).on('line', (text) => lines.push(JSON.parse(text) as Line));
    await waitUntil(() => lines.length > 0, { timeoutMs: 20_000 });
    url = `http://127.0.0.1:${lines.shift()!.port}/`;
  });
  afterEach(() => python.kill());

  const create = async (input: Record<string, unknown> = {}): Promise<string> =>
    (await createStream(owner, { kind: 'SSF_PUSH', url, audience: AUDIENCE, ...input })).stream.id;
  const eventsOf = () =>
    lines.map(({ claims }) =>
      Object.keys(claims?.events ?? { none: 0 })[0]!
        .split('/')
        .at(-1)!,
    );
  const until = (count: number) => waitUntil(() => lines.length >= count, { timeoutMs: 20_000 });

  test('a receiver from the RFCs takes every event, and each once', async () => {
    const id = await create();
    const first = await member.login();
    const second = await member.login();
    await first.gql(LOGOUT);
    const input = { currentPassword: PASSWORD, newPassword: 'a new long password, quite' };
    expect((await second.gql(CHANGE_PASSWORD, { input })).errors).toBeUndefined();
    await owner.gql(SET_ACTIVE, { userId: member.id, isActive: false });
    await owner.gql(SET_ACTIVE, { userId: member.id, isActive: true });
    await sendTest(owner, id);
    await until(8);
    await updateStream(owner, { streamId: id, status: 'PAUSED' });
    await until(9);
    expect(lines.filter(({ err, repeated }) => err !== undefined || repeated)).toEqual([]);
    expect(eventsOf().toSorted()).toEqual(
      [
        'session-established',
        'session-established',
        'session-revoked',
        'session-revoked',
        'credential-change',
        'account-disabled',
        'account-enabled',
        'verification',
        'stream-updated',
      ].toSorted(),
    );
  });

  test.each(['ISS_SUB', 'EMAIL'])('with %s the subjects are those it knows', async (subjectFormat) => {
    await create({ subjectFormat });
    await (await member.login()).gql(LOGOUT);
    await until(2);
    expect(eventsOf()).toEqual(['session-established', 'session-revoked']);
  });

  test('a token for someone else is refused with the code of the RFC, which an owner sees', async () => {
    const id = await create({ audience: 'https://someone-else.example.com' });
    await sendTest(owner, id);
    await waitUntil(async () => (await listDeliveries(owner, id))[0].lastError !== null, {
      timeoutMs: 20_000,
    });
    expect(lines[0]).toMatchObject({ err: 'invalid_audience' });
    expect((await listDeliveries(owner, id))[0].lastError).toBe(
      'The receiver answered 400 (invalid_audience).',
    );
  });
});
