import { isTlsRequired } from './smtp-transport.ts';

const credentials = { user: 'curfew', password: 'secret' };

test.each([
  ['a password over smtp://', { host: 'mail.example.com', isTls: false, credentials }, true],
  ['a password on loopback', { host: '127.0.0.1', isTls: false, credentials }, false],
  ['no password', { host: 'mail.example.com', isTls: false, credentials: null }, false],
  ['smtps://, which has it already', { host: 'mail.example.com', isTls: true, credentials }, false],
])('STARTTLS is asked for although it is not offered: %s', (_, smtp, isRequired) => {
  expect(isTlsRequired({ port: 587, ...smtp })).toBe(isRequired);
});
