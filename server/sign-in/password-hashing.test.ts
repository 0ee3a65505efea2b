import { createPasswordHasher } from './password-hashing.ts';

test('who has no password has none that matches, not even the one that is compared in its place', async () => {
  const passwords = await createPasswordHasher();
  const matches = (hash: string | null, password: string): Promise<boolean> =>
    passwords.inSlot(null, (compare) => compare(hash, password));
  expect(await matches(null, 'nobody has this password')).toBe(false);
  const hash = await passwords.hash('nobody has this password', null);
  expect(await matches(hash, 'nobody has this password')).toBe(true);
  expect(await matches(hash, 'nobody has that password')).toBe(false);
});
