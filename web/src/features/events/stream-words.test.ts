import { speak } from '../../../../test/catalogs.ts';
import { deliveryState } from './delivery-words.ts';
import { errorInWords } from './error-words.ts';
import { shortType } from './event-types.ts';
import { actionsFor } from './stream-actions.ts';
import { originOf, streamName } from './stream-words.ts';
import { testResult } from './test-result.ts';

afterEach(() => speak('en'));

const webhook = {
  kind: 'WEBHOOK',
  url: 'https://a.example/hook?token=secret',
  description: null,
  audience: 'x',
} as const;

test('a stream is called by its description, else by where it leads, without what may be secret', () => {
  expect(streamName({ ...webhook, description: 'Shop' })).toBe('Shop');
  expect(streamName(webhook)).toBe('https://a.example');
  expect(originOf({ ...webhook, kind: 'SSF_POLL', url: null })).toBeNull();
  expect(streamName({ ...webhook, kind: 'SSF_POLL', url: null })).toBe('x');
});

test('an event URI is shown by its last part', () => {
  expect(shortType('https://schemas.openid.net/secevent/caep/event-type/session-revoked')).toBe(
    'session-revoked',
  );
  expect(shortType('session.ended')).toBe('session.ended');
});

test.each([
  ['The receiver answered 503.', 'Der Empfänger hat mit 503 geantwortet.'],
  ['The receiver could not be reached (ECONNREFUSED).', 'Der Empfänger war nicht erreichbar (ECONNREFUSED).'],
  ['The receiver could not be reached.', 'Der Empfänger war nicht erreichbar.'],
  [
    "The receiver's certificate is not trusted (CERT_HAS_EXPIRED).",
    'Das Zertifikat des Empfängers ist nicht vertrauenswürdig (CERT_HAS_EXPIRED).',
  ],
  ['The address is not public.', 'Die Adresse ist nicht öffentlich.'],
  ['Words of a later version.', 'Words of a later version.'],
])('%s is said in the language of the page', async (text, german) => {
  await speak('de');
  expect(errorInWords(text)).toBe(german);
});

test('a delivery that was tried and is tried again fails; it is not lost yet', () => {
  expect(deliveryState({ status: 'PENDING', lastError: null })).toBe('waiting');
  expect(deliveryState({ status: 'PENDING', lastError: 'The receiver answered 500.' })).toBe('failing');
  expect(deliveryState({ status: 'DEAD', lastError: null })).toBe('given-up');
  expect(deliveryState({ status: 'DELIVERED', lastError: 'The receiver answered 500.' })).toBe('delivered');
});

test('a test event says why it waits', () => {
  const waiting = { status: 'PENDING', lastError: null } as const;
  expect(testResult({ kind: 'WEBHOOK', status: 'ENABLED' }, null)).toBe('on-its-way');
  expect(testResult({ kind: 'WEBHOOK', status: 'PAUSED' }, waiting)).toBe('held');
  expect(testResult({ kind: 'SSF_POLL', status: 'ENABLED' }, waiting)).toBe('to-be-fetched');
  expect(testResult({ kind: 'WEBHOOK', status: 'ENABLED' }, { ...waiting, lastError: 'x' })).toBe('failing');
  expect(testResult({ kind: 'WEBHOOK', status: 'PAUSED' }, { ...waiting, status: 'DELIVERED' })).toBe(
    'arrived',
  );
});

test('the menu has what makes sense for a stream', () => {
  expect(actionsFor({ kind: 'WEBHOOK', status: 'ENABLED' })).toEqual([
    'edit',
    'rotate',
    'pause',
    'disable',
    'delete',
  ]);
  expect(actionsFor({ kind: 'SSF_PUSH', status: 'PAUSED' })).toEqual(['edit', 'resume', 'disable', 'delete']);
  expect(actionsFor({ kind: 'WEBHOOK', status: 'DISABLED' })).toEqual(['edit', 'rotate', 'enable', 'delete']);
});
