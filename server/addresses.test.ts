import type { IncomingMessage } from 'node:http';
import { createAddressReader, networkOf, readAddress } from './addresses.ts';

test.each([
  ['198.51.100.7', '198.51.100.7'],
  ['198.51.100.7:4711', '198.51.100.7'],
  [' 198.51.100.7 ', '198.51.100.7'],
  ['::ffff:198.51.100.7', '198.51.100.7'],
  ['[::ffff:198.51.100.7]:443', '198.51.100.7'],
  ['::FFFF:C633:6407', '198.51.100.7'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:65535', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
])('%s is the address %s', (text, address) => expect(readAddress(text)).toBe(address));

test.each([
  '',
  'unknown',
  '_hidden',
  '127.1',
  '0x7f.0.0.1',
  '198.51.100.7:port',
  '198.51.100.7:123456',
  '198.51.100.256',
  '2001:db8::1]:443',
  '"198.51.100.7"',
  'a@198.51.100.7',
  '198.51.100.7\0',
  null,
  undefined,
])('%p is no address', (text) => expect(readAddress(text)).toBeNull());

test.each([
  ['198.51.100.7:1', '198.51.100.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['::ffff:198.51.100.7', '198.51.100.7'],
  [null, 'unknown'],
  ['garbage', 'unknown'],
])('%p counts as %s', (address, network) => expect(networkOf(address)).toBe(network));

const request = (remoteAddress: string | undefined, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage;

test.each([
  ['no proxy is trusted', false, '203.0.113.9, 198.51.100.1', '10.0.0.1'],
  ['every proxy is trusted', true, '203.0.113.9, 198.51.100.1', '203.0.113.9'],
  ['one network is trusted', '10.0.0.0/8', '203.0.113.9, 198.51.100.1:8080', '198.51.100.1'],
  ['a trusted proxy writes ports', '10.0.0.0/8', '203.0.113.9:5, 10.9.9.9:80', '203.0.113.9'],
  ['a trusted proxy sends no address', '10.0.0.0/8', 'unknown', '10.0.0.1'],
  ['there is garbage before the last trusted hop', true, 'x, 10.9.9.9', '10.9.9.9'],
  ['the header is empty', true, '', '10.0.0.1'],
] as const)('where %s', (_, trustProxy, forwarded, address) =>
  expect(createAddressReader(trustProxy)(request('::ffff:10.0.0.1', forwarded))).toBe(address),
);

test('a connection that is gone has no address', () =>
  expect(createAddressReader(false)(request(undefined))).toBeNull());
