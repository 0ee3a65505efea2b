import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { startApp, type TestApp } from '../harness.ts';
import { runCommand } from '../operations/admin-commands.ts';
import type { SeededAccount } from '../seed.ts';
import { asReceiver, claimsOf, type Ask } from './ssf-calls.ts';

// The commands and requests of docs/guides/ssf.md, in their order.

const guide = readFileSync(new URL('../../docs/guides/ssf.md', import.meta.url), 'utf8');
const blocks = [...guide.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
  language: language!,
  text: text!,
}));
const hasShell = ['bash', 'curl'].every((name) => spawnSync(name, ['--version']).status === 0);

async function shell(command: string, env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', command], {
    env: { PATH: process.env.PATH, ...env },
  });
  return stdout;
}

test('every block of the guide is run here', () => {
  expect(blocks.map(({ language }) => language)).toEqual(['sh', 'sh', 'json', 'sh']);
});

(hasShell ? describe : describe.skip)('a receiver that follows the guide (needs bash and curl)', () => {
  const [createKey, createStream, pushStream, poll] = blocks.map(({ text }) => text);
  let app: TestApp;
  let account: SeededAccount;
  let key: string;
  let ask: Ask;
  beforeAll(async () => {
    app = await startApp();
    account = await app.seed.account();
    const given = await shell(
      `npm() { printf '%s\\n' "$@"; }\n${createKey!.replace('ACCOUNT_ID', account.id)}`,
    );
    const [run, admin, separator, ...args] = given.trimEnd().split('\n');
    expect([run, admin, separator]).toEqual(['run', 'admin', '--']);
    [, key] = /^service key: (cfk_ssf_\S+)$/m.exec(await runCommand(app, ...args)) as unknown as [
      string,
      string,
    ];
    ask = asReceiver(app, key);
  });
  afterAll(() => app.close());

  test('finds the transmitter, makes a stream, and polls what it asked for', async () => {
    const { body: configuration } = await ask('GET', '/.well-known/ssf-configuration');
    expect(configuration).toMatchObject({ issuer: app.url, jwks_uri: expect.any(String) });
    const env = { CURFEW_URL: app.url, KEY: key };
    const stream = JSON.parse(await shell(createStream!, env));
    const { stream_id: streamId } = stream;
    expect(stream).toMatchObject({
      description: 'Shop',
      aud: `urn:uuid:${streamId}`,
      delivery: { endpoint_url: `${app.url}/ssf/streams/${streamId}/poll` },
    });
    expect(await ask('POST', '/ssf/verify', { stream_id: streamId, state: 'hello' })).toMatchObject({
      status: 204,
    });
    const { sets } = JSON.parse(await shell(poll!, { ...env, STREAM_ID: streamId }));
    const tokens: any[] = Object.values(sets).map((token) => claimsOf(token as string));
    expect(tokens).toMatchObject([{ iss: app.url, aud: stream.aud, events: expect.anything() }]);
    expect(JSON.stringify(tokens)).toContain('hello');
  });

  test('has events pushed, with a header that is never shown', async () => {
    const wanted = JSON.parse(pushStream!);
    const created = await ask('POST', '/ssf/streams', wanted);
    expect(created).toMatchObject({
      status: 201,
      body: {
        aud: new URL(wanted.delivery.endpoint_url).origin,
        delivery: { endpoint_url: wanted.delivery.endpoint_url },
        events_requested: wanted.events_requested,
      },
    });
    expect(JSON.stringify(created.body)).not.toContain(wanted.delivery.authorization_header);
    const { stream_id } = created.body;
    const elsewhere = { ...wanted.delivery, endpoint_url: 'https://else.example.com/' };
    for (const [method, path, body, status] of [
      ['GET', `/ssf/streams?stream_id=${stream_id}`, undefined, 200],
      ['PATCH', '/ssf/streams', { stream_id, description: 'Shop of Ana' }, 200],
      ['PATCH', '/ssf/streams', { stream_id, delivery: elsewhere }, 200],
      ['PUT', '/ssf/streams', { stream_id, ...wanted }, 200],
      ['GET', `/ssf/status?stream_id=${stream_id}`, undefined, 200],
      ['POST', '/ssf/status', { stream_id, status: 'paused' }, 200],
      ['DELETE', `/ssf/streams?stream_id=${stream_id}`, undefined, 204],
      ['GET', `/ssf/streams?stream_id=${stream_id}`, undefined, 404],
    ] as const)
      expect([method, path, (await ask(method, path, body)).status]).toEqual([method, path, status]);
  });
});
