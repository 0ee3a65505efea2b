import { jest } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectCurfew, type Curfew } from './index.ts';

let curfew: Curfew | undefined;
afterEach(() => {
  curfew?.close();
  jest.restoreAllMocks();
});

const warnings = () => jest.spyOn(console, 'warn').mockImplementation(() => {});

test('without onProblem the console says that nothing answers, where, and why', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  const warned = warnings();
  const url = `http://127.0.0.1:${port}`;
  const at = new RegExp(`at ${url}.*ECONNREFUSED`);
  curfew = connectCurfew({ url, serviceKey: 'cfk_secret' });
  expect(await curfew.check('x'.repeat(43))).toEqual({ state: 'unavailable' });
  await expect(curfew.createSession({ externalId: 'ana' })).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    // Express logs the message and no cause.
    message: expect.stringMatching(at),
  });
  const said = warned.mock.calls.map(([text]) => String(text));
  expect(said).toContainEqual(expect.stringMatching(at));
  expect(said.join()).not.toContain('cfk_secret');
});

test('what answers in place of Curfew is told from Curfew', async () => {
  const server = createServer((_, response) => response.writeHead(404).end('{"errors":[{"message":"No"}]}'));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  warnings();
  const { port } = server.address() as AddressInfo;
  curfew = connectCurfew({ url: `http://127.0.0.1:${port}`, serviceKey: 'cfk_x' });
  await expect(curfew.createSession({ externalId: 'ana' })).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: 'What answered with status 404 is not Curfew: is url its address?',
  });
  server.closeAllConnections();
  server.close();
});

test('without a token there is no session to end', async () => {
  warnings();
  curfew = connectCurfew({ url: 'http://127.0.0.1:9', serviceKey: 'cfk_x' });
  expect(await curfew.endSession(undefined)).toBe(false);
});
