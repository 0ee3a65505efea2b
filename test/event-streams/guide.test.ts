import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findFreePort } from '../../server/http/free-port.ts';
import { hasPython } from '../examples/applications.ts';
import { startApp, type TestApp } from '../harness.ts';
import { waitUntil } from '../wait-until.ts';
import { PRIVATE } from './stream-calls.ts';

// The receivers and requests of docs/guides/verify-a-webhook.md, with what Curfew sends, and with what others do.

const root = resolve(import.meta.dirname, '..', '..');
const PYTHONPATH = join(root, 'clients', 'python');
/** The compiler keeps what it has built of its library there. */
const GOCACHE = join(tmpdir(), 'curfew-go-cache');
let app: TestApp;
let folder: string;
let blocks: { language: string; text: string }[];

beforeAll(async () => {
  app = await startApp({ env: PRIVATE });
  // Beside node_modules, where the snippet finds its package.
  folder = await mkdtemp(join(root, 'node_modules', '.curfew-guide-'));
  const guide = await readFile(join(root, 'docs', 'guides', 'verify-a-webhook.md'), 'utf8');
  blocks = [...guide.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
    language: language!,
    text: text!,
  }));
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

interface Receiver {
  language: string;
  name: string;
  /** Undefined where the language is not installed. */
  command?: (file: string) => string[];
}
const hasGo = spawnSync('go', ['version']).status === 0;
const RECEIVERS: Receiver[] = [
  { language: 'js', name: 'receiver.mjs', command: (file) => [process.execPath, file] },
  { language: 'python', name: 'receiver.py', ...(hasPython && { command: (file) => ['python3', file] }) },
  { language: 'go', name: 'receiver.go', ...(hasGo && { command: buildGo }) },
];

function buildGo(file: string): string[] {
  const program = file.replace(/\.go$/, '');
  execFileSync('go', ['build', '-o', program, file], { env: { PATH: process.env.PATH, GOCACHE } });
  return [program];
}

test('every block of the guide is run here', () => {
  expect(blocks.map(({ language }) => language)).toEqual(['js', 'python', 'go', 'graphql', 'graphql']);
});

for (const { language, name, command } of RECEIVERS)
  (command ? describe : describe.skip)(
    `the receiver in ${language} (needs its compiler or interpreter)`,
    () => {
      const start = async (env: Record<string, string>) => {
        const file = join(folder, name);
        await writeFile(file, blocks.find((block) => block.language === language)!.text);
        const [program, ...args] = command!(file);
        const child = spawn(program!, args, { env: { PATH: process.env.PATH, PYTHONPATH, ...env } });
        const shown = { text: '' };
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (shown.text += text));
        return { child, shown };
      };
      /** Compiling Go's library for the first time takes its time. */
      const TIMEOUT_MS = 120_000;

      test(
        'takes what Curfew signed now, and nothing else',
        async () => {
          const port = await findFreePort();
          const url = `http://127.0.0.1:${port}/`;
          const owner = await (await app.seed.account()).owner.login();
          const [createStream, sendTest] = blocks.filter((block) => block.language === 'graphql');
          const created = await owner.gql(createStream!.text.replace('http://127.0.0.1:8080/', url));
          const { secret, stream } = created.data.createEventStream;
          const { child, shown } = await start({ PORT: String(port), WEBHOOK_SECRET: secret });
          try {
            const body = JSON.stringify({ type: 'forged', timestamp: '', data: {} });
            const send = async (seconds: number, key: string, version = 'v1,') => {
              const sentAt = String(Math.floor(Date.now() / 1_000) + seconds);
              const signed = createHmac('sha256', Buffer.from(key.slice('whsec_'.length), 'base64'))
                .update(`an-id.${sentAt}.${body}`)
                .digest('base64');
              const headers = {
                'webhook-id': 'an-id',
                'webhook-timestamp': sentAt,
                'webhook-signature': version + signed,
              };
              return (await fetch(url, { method: 'POST', headers, body })).status;
            };
            const answers = () =>
              fetch(url, { method: 'POST', body }).then(
                ({ status }) => status,
                () => undefined,
              );
            await waitUntil(async () => (await answers()) !== undefined, {
              what: 'the receiver',
              timeoutMs: 60_000,
            });
            expect(await answers()).toBe(401);
            expect(await send(0, `whsec_${Buffer.alloc(32).toString('base64')}`)).toBe(401);
            expect(await send(-400, secret)).toBe(401);
            expect(await send(400, secret)).toBe(401);
            expect(await send(0, secret, 'v1a,')).toBe(401);
            expect(await send(0, secret, '')).toBe(401);
            expect(await send(0, secret)).toBe(204);
            expect(await send(0, secret, 'v1,AAAA v1,')).toBe(204);

            // A sender who hangs up, and one who does not go on, end nothing and hold up no one.
            const [hangsUp, waits] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
            for (const socket of [hangsUp, waits])
              await new Promise((sent) =>
                socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{', sent),
              );
            hangsUp.destroy();
            expect((await owner.gql(sendTest!.text, { streamId: stream.id })).errors).toBeUndefined();
            await waitUntil(() => shown.text.includes('test '), {
              what: 'the test event',
              timeoutMs: 20_000,
            });
            expect(await send(0, secret)).toBe(204);
            waits.destroy();
          } finally {
            child.kill();
          }
        },
        TIMEOUT_MS,
      );

      test(
        'does not start without a secret',
        async () => {
          const { child } = await start({ PORT: String(await findFreePort()) });
          try {
            await once(child, 'exit');
            expect(child.exitCode).toBeGreaterThan(0);
          } finally {
            child.kill();
          }
        },
        TIMEOUT_MS,
      );
    },
  );
