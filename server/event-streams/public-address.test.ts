import type { LookupAddress } from 'node:dns';
import { createPublicLookup, isPrivateHost, isPublicAddress, PrivateAddressError } from './public-address.ts';

test.each([
  '127.0.0.1',
  '127.255.255.255',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:a9fe:a9fe',
  '64:ff9b::7f00:1',
  '64:ff9b::10.0.0.1',
  '64:ff9b:1::a00:1',
  '2002:7f00:1::',
  '2001:0:7f00:1::',
  'fe80::1',
  'fe80::1%eth0',
  'fc00::1',
  'fd12:3456::1',
  'fec0::1',
  'ff02::1',
  '2001:db8::1',
  'not an address',
  '',
])('%p is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(['1.1.1.1', '172.32.0.1', '9.255.255.255', '::ffff:8.8.8.8', '2606:4700::1111', '2a00:1450::1'])(
  '%p is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.each([
  'https://127.1/',
  'https://2130706433/',
  'https://0x7f.0.0.1/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://LOCALHOST/',
  'https://localhost./',
  'https://a.localhost/',
  'https://127.0.0.1./',
])('%p is written as a private host', (url) => {
  expect(isPrivateHost(new URL(url))).toBe(true);
});

test.each(['https://hooks.example.com/', 'https://1.1.1.1/', 'https://[2606:4700::1111]/'])(
  '%p is not written as a private host',
  (url) => {
    expect(isPrivateHost(new URL(url))).toBe(false);
  },
);

/** Name servers that know one name: `four` and `six` are its addresses, or the code of an error. */
const lookupAt = (four: string[] | string, six: string[] | string) => {
  const answer = (given: string[] | string) => (_: string, done: any) =>
    typeof given === 'string' ? done(Object.assign(new Error(given), { code: given })) : done(null, given);
  const lookup = createPublicLookup({ resolve4: answer(four) as any, resolve6: answer(six) as any });
  return new Promise<LookupAddress[] | NodeJS.ErrnoException>((resolve) =>
    lookup('hooks.example.com', { all: true }, (error, found) =>
      resolve(error ?? (found as LookupAddress[])),
    ),
  );
};

test.each([
  [['10.0.0.1'], 'ENODATA'],
  [['1.1.1.1', '127.0.0.1'], 'ENODATA'],
  [['1.1.1.1'], ['::1']],
  ['ENODATA', ['::ffff:10.0.0.1']],
  ['ENODATA', ['64:ff9b::a00:1']],
])('a name with the addresses %p and %p is refused', async (four, six) => {
  expect(await lookupAt(four, six)).toBeInstanceOf(PrivateAddressError);
});

test('a name with public addresses has all of them, and one without any has an error', async () => {
  expect(await lookupAt(['1.1.1.1'], ['2606:4700::1111'])).toEqual([
    { address: '1.1.1.1', family: 4 },
    { address: '2606:4700::1111', family: 6 },
  ]);
  expect(await lookupAt(['1.1.1.1'], 'ENODATA')).toEqual([{ address: '1.1.1.1', family: 4 }]);
  expect(await lookupAt('ENOTFOUND', 'ENOTFOUND')).toMatchObject({ code: 'ENOTFOUND' });
});
