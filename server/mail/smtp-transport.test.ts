import { createServer, type Socket } from 'node:net';
import { createSmtpDelivery, explainFailure, isTlsRequired } from './smtp-transport.ts';

const credentials = { user: 'curfew', password: 'secret' };

test.each([
  ['a password over smtp://', { host: 'mail.example.com', isTls: false, credentials }, true],
  ['a password on loopback', { host: '127.0.0.1', isTls: false, credentials }, false],
  ['no password', { host: 'mail.example.com', isTls: false, credentials: null }, false],
  ['smtps://, which has it already', { host: 'mail.example.com', isTls: true, credentials }, false],
])('STARTTLS is asked for although it is not offered: %s', (_, smtp, isRequired) => {
  expect(isTlsRequired({ port: 587, ...smtp })).toBe(isRequired);
});

test('a server that never stops answering ends the attempt and its connection', async () => {
  const closed = Promise.withResolvers<void>();
  let greeting: NodeJS.Timeout;
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.on('close', () => closed.resolve());
    socket.write('220 mail.example\r\n');
    greeting = setInterval(() => socket.write('250-still here\r\n'), 20);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const deliver = createSmtpDelivery(
    { host: '127.0.0.1', port, isTls: false, credentials: null },
    { name: 'Curfew', address: 'no-reply@curfew.example' },
    { attemptTimeoutMs: 300 },
  );
  const failure = await deliver({ to: 'a@b.example', subject: 's', text: 't', messageId: '<m@b>' }).catch(
    explainFailure,
  );
  expect(failure).toMatchObject({ isFinal: false, code: 'EABORT' });
  await closed.promise;
  clearInterval(greeting!);
  server.close();
});
