import { speak } from '../../../test/catalogs.ts';
import { deviceInWords } from './device.ts';

afterEach(() => speak('en'));

test.each([
  ['en', 'Safari on iOS'],
  ['de', 'Safari unter iOS'],
  ['fr', 'Safari sous iOS'],
  ['es', 'Safari en iOS'],
])('a device in %s', async (language, words) => {
  await speak(language);
  expect(deviceInWords('Safari on iOS')).toBe(words);
  expect(deviceInWords('curl')).toBe('curl');
});

test('no user agent, no device', () => {
  expect(deviceInWords(null)).toBe('Unknown device');
});
