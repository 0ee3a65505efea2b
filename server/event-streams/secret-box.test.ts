import { randomBytes } from 'node:crypto';
import { toRefreshKey } from '../tokens/signing-keys.ts';
import { createSecretBox } from './secret-box.ts';

const [older, newer] = [toRefreshKey('o'.repeat(32)), toRefreshKey('n'.repeat(32))];
const secret = randomBytes(32);

test('a sealed secret opens for its row, and differs each time', () => {
  const box = createSecretBox([newer]);
  const sealed = box.seal(secret, 'stream');
  expect(box.open(sealed, 'stream')).toEqual(secret);
  expect(box.seal(secret, 'stream')).not.toBe(sealed);
  expect(sealed).not.toContain(secret.toString('base64url'));
});

test('after a rotation of keys the older one still opens, and is not current', () => {
  const sealed = createSecretBox([older]).seal(secret, 'stream');
  const box = createSecretBox([newer, older]);
  expect(box.open(sealed, 'stream')).toEqual(secret);
  expect(box.isCurrent(sealed)).toBe(false);
  expect(box.isCurrent(box.seal(secret, 'stream'))).toBe(true);
});

test('nothing opens with another key, for another row, or when damaged', () => {
  const box = createSecretBox([newer]);
  const sealed = box.seal(secret, 'stream');
  expect(createSecretBox([older]).open(sealed, 'stream')).toBeNull();
  expect(box.open(sealed, 'another')).toBeNull();
  expect(box.open(`${sealed.slice(0, -2)}AA`, 'stream')).toBeNull();
  expect(box.open(sealed.slice(0, 30), 'stream')).toBeNull();
  expect(box.open('', 'stream')).toBeNull();
});
