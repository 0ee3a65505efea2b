import { deviceOf } from './device-of.ts';

const headers = {
  'user-agent': 'Browser/1.0',
  'x-forwarded-for': '1.1.1.1, 203.0.113.7, 10.0.0.2',
};

test('without proxies the address is that of the connection, and no header changes it', () => {
  expect(deviceOf({ headers, ip: '198.51.100.1' })).toEqual({
    ipAddress: '198.51.100.1',
    userAgent: 'Browser/1.0',
  });
  expect(deviceOf({ headers })).toEqual({ ipAddress: undefined, userAgent: 'Browser/1.0' });
});

test('behind proxies it is what the outermost of them wrote, not what the browser did', () => {
  const address = (proxies: number, forwarded: string | string[] | undefined = headers['x-forwarded-for']) =>
    deviceOf({ headers: { 'x-forwarded-for': forwarded }, ip: '10.0.0.3' }, { proxies }).ipAddress;
  expect(address(1)).toBe('10.0.0.2');
  expect(address(2)).toBe('203.0.113.7');
  expect(address(2, ['1.1.1.1', '203.0.113.7,10.0.0.2'])).toBe('203.0.113.7');
  expect(address(4)).toBeUndefined();
  expect(address(1, '')).toBeUndefined();
  const request = new Request('http://app.example', { headers });
  expect(deviceOf(request)).toEqual({ ipAddress: undefined, userAgent: 'Browser/1.0' });
  expect(deviceOf(request, { proxies: 2 }).ipAddress).toBe('203.0.113.7');
  expect(deviceOf({ headers: {}, ip: '10.0.0.3' }, { proxies: 1 }).ipAddress).toBeUndefined();
});
