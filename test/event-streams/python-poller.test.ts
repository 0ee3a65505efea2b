import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { LOGOUT } from '../accounts/account-calls.ts';
import { startApp, type TestApp } from '../harness.ts';
import { inRoot, withProgram } from '../operations/deploy-files.ts';
import type { SeededAccount } from '../seed.ts';
import { waitUntil } from '../wait-until.ts';
import { SESSION_ESTABLISHED, SESSION_REVOKED, VERIFICATION } from './ssf-calls.ts';
import { listDeliveries, readStream } from './stream-calls.ts';

/** Debian's, which has python3-jwcrypto. */
const PYTHON = '/usr/bin/python3';

withProgram(PYTHON, ['-c', 'import jwcrypto'], () => {
  let app: TestApp;
  let account: SeededAccount;
  let python: ChildProcess;
  let lines: any[];

  beforeAll(async () => {
    app = await startApp({ clock: 'real' });
    account = await app.seed.account();
  });
  afterAll(() => app.close());
  afterEach(() => python.kill());

  const until = (count: number) => waitUntil(() => lines.length >= count, { timeoutMs: 20_000 });

  test('a receiver from the RFCs makes a stream, polls, verifies, acknowledges and deletes', async () => {
    const { key } = await app.seed.serviceKey(account.id, { scope: 'SSF' });
    lines = [];
    python = spawn(PYTHON, [inRoot('test/event-streams/peers/poller.py'), app.url], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { CURFEW_KEY: key },
    });
    const exited = once(python, 'exit');
    createInterface({ input: python.stdout! }).on('line', (text) => lines.push(JSON.parse(text)));
    await until(2);
    const owner = await account.owner.login();
    const { sessionId, gql } = await account.owner.login();
    await gql(LOGOUT);
    await until(5);
    const [{ ready: id }, ...events] = lines;
    expect(events.map(({ uri }) => uri)).toEqual([
      VERIFICATION,
      SESSION_ESTABLISHED,
      SESSION_ESTABLISHED,
      SESSION_REVOKED,
    ]);
    expect(events[3]).toMatchObject({
      sub_id: { session: { format: 'opaque', id: sessionId } },
      event: { initiating_entity: 'user' },
    });
    await waitUntil(
      async () => (await listDeliveries(owner, id as string)).every(({ status }) => status === 'DELIVERED'),
      { timeoutMs: 20_000 },
    );
    python.stdin!.end();
    // The poll in progress ends with the next event.
    await account.owner.login();
    expect(await exited).toEqual([0, null]);
    expect(await readStream(owner, id as string)).toBeUndefined();
  });
});
