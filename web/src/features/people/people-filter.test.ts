import { readFilter, writeFilter } from './people-filter.ts';

test.each([
  ['', { search: '', status: null }],
  ['search=kim&state=invited', { search: 'kim', status: 'INVITED' }],
  ['search=50%25+off&state=EXTERNAL', { search: '50% off', status: 'EXTERNAL' }],
  ['state=gone', { search: '', status: null }],
] as const)('the address %j is the filter %j', (address, filter) => {
  expect(readFilter(new URLSearchParams(address))).toEqual(filter);
  expect(readFilter(writeFilter(filter))).toEqual(filter);
});

test('a search is cut at what the server accepts', () => {
  expect(readFilter(new URLSearchParams({ search: 'x'.repeat(300) })).search).toHaveLength(200);
});
