import { readAddress, writeAddress } from './events-address.ts';

const read = (query: string) => readAddress(new URLSearchParams(query));

test('an address without parameters shows streams and sources', () => {
  expect(read('')).toEqual({ streamId: null, status: null });
});

test('a stream and a status are read as they were written', () => {
  const shown = { streamId: 'a1', status: 'DEAD' } as const;
  expect(writeAddress(shown).toString()).toBe('stream=a1&status=dead');
  expect(readAddress(writeAddress(shown))).toEqual(shown);
});

test('what is not understood counts as absent', () => {
  expect(read('stream=a1&status=lost')).toEqual({ streamId: 'a1', status: null });
  expect(read('stream=&status=dead')).toEqual({ streamId: null, status: null });
});
