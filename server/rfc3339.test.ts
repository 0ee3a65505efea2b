import fc from 'fast-check';
import { readRfc3339 } from './rfc3339.ts';

test('reads back every moment that Curfew sends', () => {
  const moments = fc.date({
    min: new Date('0000-01-01T00:00:00.000Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  });
  fc.assert(fc.property(moments, (moment) => expect(readRfc3339(moment.toISOString())).toEqual(moment)));
});

test.each([
  ['2026-11-28T10:00:00Z', '2026-11-28T10:00:00.000Z'],
  ['2026-11-28t10:00:00.5z', '2026-11-28T10:00:00.500Z'],
  ['2026-11-28T10:00:00.123999+02:30', '2026-11-28T07:30:00.123Z'],
  ['2024-02-29T23:59:59-00:00', '2024-02-29T23:59:59.000Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
])('%s is %s', (text, expected) => {
  expect(readRfc3339(text)?.toISOString()).toBe(expected);
});

test.each([
  ' 2026-11-28T10:00:00Z',
  '2026-11-28T10:00:00Z\n',
  '2026-11-28 10:00:00Z',
  '2026-11-28T10:00:00',
  '2026-11-28T10:00:00+0200',
  '2026-11-28T10:00:00|02:00',
  '2026-11-28T10:00:00.Z',
  '2026-11-31T10:00:00Z',
  '2025-02-29T10:00:00Z',
  '2026-00-10T10:00:00Z',
  '2026-11-28T10:60:00Z',
  '10000-01-01T00:00:00Z',
  '9999-12-31T23:59:59-00:01',
  '0000-01-01T00:00:00+00:01',
  '２０２６-11-28T10:00:00Z',
])('%j is none', (text) => {
  expect(readRfc3339(text)).toBeNull();
});
