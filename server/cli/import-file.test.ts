import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readImport, readImportFile } from './import-file.ts';

const HEADER = 'jti,user,issued,expires';
const ISSUED = '2026-01-01T00:00:00Z';
const EXPIRES = '2026-02-01T00:00:00Z';
const LINE = `old-1,ana,${ISSUED},${EXPIRES}`;
const whyOf = (line: string): string | undefined => readImport(`${HEADER}\n${line}`).bad[0]?.why;

test('reads columns in any order, quotes, CRLF, blank lines and unknown columns', () => {
  const text = `Expires, USER ,note,jti,issued\r\n\r\n${EXPIRES},"ana ""A"", x",,"old,1", ${ISSUED} \r\n1769904000,ben,n,old-2,1767225600.5\r\n`;
  expect(readImport(text)).toEqual({
    good: [
      {
        line: 3,
        jti: 'old,1',
        subject: 'ana "A", x',
        issuedAt: new Date(ISSUED),
        expiresAt: new Date(EXPIRES),
      },
      {
        line: 4,
        jti: 'old-2',
        subject: 'ben',
        issuedAt: new Date('2026-01-01T00:00:00.500Z'),
        expiresAt: new Date(EXPIRES),
      },
    ],
    bad: [],
  });
});

test.each([
  '2026-01-01T00:00:00Z',
  '2026-01-01t01:00:00.000+01:00',
  '2025-12-31 19:00:00-05:00',
  '1767225600',
])('%s is a time', (issued) => {
  const { good } = readImport(`${HEADER}\nold,ana,${issued},${EXPIRES}`);
  expect(good[0]!.issuedAt).toEqual(new Date('2026-01-01T00:00:00Z'));
});

test.each([
  '',
  'today',
  '2026-01-01',
  '2026-01-01T00:00:00',
  '2026-02-30T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-01-01T25:00:00Z',
  '2026-01-01T00:00:00+99:00',
  '-1',
  '1e9',
  '0x10',
  '1767225600000',
  '999999999999',
])('%j is not a time', (text) => {
  expect(whyOf(`old,ana,${text},${EXPIRES}`)).toMatch(/^issued is neither/);
  expect(whyOf(`old,ana,${ISSUED},${text}`)).toMatch(/^expires is neither/);
});

test.each([
  [',ana', /^its jti/],
  [`${'x'.repeat(201)},ana`, /^its jti/],
  ['a\0b,ana', /^its jti/],
  ['old,', /^its user/],
  ['old,a\0b', /^its user/],
])('%j is a bad line', (start, why) => {
  expect(whyOf(`${start},${ISSUED},${EXPIRES}`)).toMatch(why);
});

test.each([
  [`old,ana,${EXPIRES},${ISSUED}`, /not after/],
  [`old,ana,${ISSUED},${ISSUED}`, /not after/],
  // The API counts the seconds that a session has left in 32 bits.
  ['old,ana,0,2147483648', /more than 2147483647 seconds/],
  [`old,ana,${ISSUED},9999-12-31T23:59:59Z`, /more than 2147483647 seconds/],
  [`old,ana,${ISSUED},10000-01-01T00:00:00Z`, /^expires is neither/],
  [`old,ana,${ISSUED},253402300800`, /^expires is neither/],
  [`old,ana,253402300800,253402300900`, /^issued is neither/],
  ['old,ana', /4 values and this line 2/],
  [`${LINE},more`, /4 values and this line 5/],
])('%s is a bad line', (line, why) => {
  expect(whyOf(line)).toMatch(why);
});

test('a lifetime of 2147483647 seconds is the longest', () => {
  expect(readImport(`${HEADER}\nold,ana,0,2147483647`).good).toHaveLength(1);
});

test('bad lines do not hide the others, and a repeated jti names the first line that has it', () => {
  const file = readImport(
    [HEADER, LINE, 'nonsense', `old-1,ben,${ISSUED},${EXPIRES}`, 'old-2,ana,1,2'].join('\n'),
  );
  expect(file.good.map(({ line }) => line)).toEqual([2, 5]);
  expect(file.bad).toEqual([
    { line: 3, jti: 'nonsense', why: expect.any(String) },
    { line: 4, jti: 'old-1', why: 'its jti repeats that of line 2' },
  ]);
});

test.each([
  ['nothing', ''],
  ['no header', LINE],
  ['a missing column', 'jti,user,issued\nold,ana,1'],
  ['a repeated column', `${HEADER},jti\n${LINE},x`],
  ['other separators', `${HEADER}\n${LINE}`.replaceAll(',', ';')],
  ['a quote that is not closed', `${HEADER}\n"old-secret,ana,1,2\n${LINE}`],
  ['a quote that swallows lines', `${HEADER}\n"old-secret,ana,1,2\n${LINE}\n",ana,1,2`],
  ['text after a quote', `${HEADER}\n"old-secret"x,ana,1,2`],
  ['a quote in the middle', `${HEADER}\nold-"secret",ana,1,2`],
])('a file with %s is refused as a whole, and the error quotes none of it', (_, text) => {
  expect(() => readImport(text)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  expect(() => readImport(text)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('secret') }),
  );
});

test('a file that is missing or not text in UTF-8 is refused with a sentence; a byte order mark is accepted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'curfew-import-file-'));
  const path = join(folder, 'tokens.csv');
  await expect(readImportFile(path)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  await expect(readImportFile(folder)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  await writeFile(path, Buffer.from(`\ufeff${HEADER}`, 'utf16le'));
  await expect(readImportFile(path)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  await writeFile(path, `\ufeff${HEADER}\n${LINE}`);
  expect((await readImportFile(path)).good).toHaveLength(1);
  await rm(folder, { recursive: true });
});
