import fc from 'fast-check';
import { AppError } from './errors.ts';
import { encodeCursor, requirePageSize, toConnection, toSlice, type Cursor } from './pagination.ts';

const LAST_MOMENT = 99_999_999_999_999;
/** Any id that a row of ours can have: 1 to 200 characters, which need not be one UTF-16 unit each, and no NUL. */
const id = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }),
      fc.constantFrom('é', '世', '🔑', ':', '\n'),
    ),
    { minLength: 1, maxLength: 200 },
  )
  .map((characters) => characters.join(''));
const cursor: fc.Arbitrary<Cursor> = fc.record({
  at: fc.integer({ min: 0, max: LAST_MOMENT }).map((time) => new Date(time)),
  id,
});
const base64url = (text: string): string => Buffer.from(text).toString('base64url');

function refusal(work: () => unknown): Record<string, unknown> | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, ...error.details };
    throw error;
  }
}

describe('the page size', () => {
  test('is 1 to 100', () => {
    for (const first of [1, 2, 99, 100]) expect(requirePageSize(first)).toBe(first);
    for (const first of [0, -1, 101, 2 ** 31 - 1, -(2 ** 31), NaN])
      expect(refusal(() => requirePageSize(first))).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'first',
        reason: 'OUT_OF_BOUNDS',
        min: 1,
        max: 100,
      });
  });
});

describe('cursors', () => {
  test('come back as the moment and the id that they were made of', () => {
    fc.assert(
      fc.property(cursor, (given) => {
        expect(toSlice(10, encodeCursor(given))).toEqual({ first: 10, after: given });
      }),
    );
    const longest = { at: new Date(0), id: '🔑'.repeat(200) };
    expect(toSlice(10, encodeCursor(longest)).after).toEqual(longest);
  });

  test('that are absent mean the first page', () => {
    for (const after of [null, undefined]) expect(toSlice(10, after)).toEqual({ first: 10, after: null });
  });

  test.each([
    ['nothing', ''],
    ['no base64url', '***'],
    ['another alphabet of base64', Buffer.from('1:??>>').toString('base64')],
    ['padding', `${base64url('1:a')}=`],
    ['spare bits', `${base64url('1:ab').slice(0, -1)}h`],
    ['a white space around it', ` ${base64url('1:abc')}`],
    ['no moment', base64url(':abc')],
    ['no id', base64url('1:')],
    ['a moment before 1970', base64url('-1:abc')],
    ['a moment with a leading zero', base64url('01:abc')],
    ['a fraction of a millisecond', base64url('1.5:abc')],
    ['a moment in exponents', base64url('1e3:abc')],
    ['a moment out of every range', base64url('999999999999999:abc')],
    ['a NUL in the id', base64url('1:a\0b')],
    ['an id too long', base64url(`1:${'a'.repeat(201)}`)],
    ['bytes that are no UTF-8', Buffer.from([0x31, 0x3a, 0xff, 0xfe]).toString('base64url')],
  ])('with %s are refused', (_, text) => {
    expect(refusal(() => toSlice(10, text))).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'after',
      reason: 'MALFORMED',
    });
  });

  test('are refused where the id is none of that list', () => {
    const isNumber = (id: string) => /^\d+$/.test(id);
    const good = { at: new Date(5), id: '7' };
    expect(toSlice(10, encodeCursor(good), isNumber).after).toEqual(good);
    expect(refusal(() => toSlice(10, encodeCursor({ ...good, id: 'x' }), isNumber))).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  test('made of any text are refused or are exactly their own spelling', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), id.map(base64url)), (text) => {
        if (refusal(() => toSlice(10, text)) !== null) return;
        expect(encodeCursor(toSlice(10, text).after!)).toBe(text);
      }),
    );
  });
});

describe('a connection', () => {
  const cursorOf = (id: string): Cursor => ({ at: new Date(1), id });

  test('shows at most the page, and tells by the one row too many that there is more', () => {
    const ids = fc.uniqueArray(fc.uuid(), { maxLength: 12 });
    fc.assert(
      fc.property(ids, fc.integer({ min: 1, max: 12 }), fc.boolean(), (nodes, first, isFirst) => {
        const slice = { first, after: isFirst ? null : cursorOf('before') };
        const { edges, pageInfo, totalCount } = toConnection(nodes.slice(0, first + 1), slice, cursorOf, 42);
        expect(edges.map(({ node }) => node)).toEqual(nodes.slice(0, first));
        expect(pageInfo).toEqual({
          hasNextPage: nodes.length > first,
          hasPreviousPage: !isFirst,
          startCursor: edges[0]?.cursor ?? null,
          endCursor: edges.at(-1)?.cursor ?? null,
        });
        expect(totalCount).toBe(42);
        for (const { node, cursor } of edges) expect(toSlice(1, cursor).after).toEqual(cursorOf(node));
      }),
    );
  });
});
