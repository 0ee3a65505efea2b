import { deviceName } from './user-agent.ts';

test.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox on Windows'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
    'Safari on macOS',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
    'Chrome on Android',
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
    'Chrome on Linux',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0',
    'Microsoft Edge on Windows',
  ],
])('%s', (userAgent, name) => {
  expect(deviceName(userAgent)).toBe(name);
});

test.each([null, '', ' ', 'x'.repeat(500), '((((((', '\u0000\u00ff'])(
  'a user agent without browser and system has no device name (%#)',
  (userAgent) => {
    expect(deviceName(userAgent)).toBeNull();
  },
);

test('a long or malformed user agent is parsed in under a second', () => {
  const started = performance.now();
  for (const part of ['(', 'Mozilla/5.0 ', 'Version/', ' ', 'a/1 ', '\t;', 'Android '])
    deviceName(part.repeat(500).slice(0, 500));
  expect(performance.now() - started).toBeLessThan(1_000);
});
