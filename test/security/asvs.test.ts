import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// The table of docs/security-asvs.md is complete, and its references exist: a renamed test needs a changed line.

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/**
 * Levels 1 and 2 of ASVS 5.0.0, from the standard's own CSV. `3.2 11` means 3.2.1 and 3.2.2, both of level 1; `-` is
 * of level 3.
 */
const REQUIREMENTS = `
  3.2 11-  3.3 1222-  3.4 1122 22--  3.5 111 22---  3.7 22---
  4.1 122--  4.2 2----  4.3 22  4.4 1222
  6.1 122  6.2 1111 1111 2222  6.3 1122----  6.4 1122--  6.5 22222---  6.6 222-  6.8 2222
  7.1 222  7.2 1111  7.3 22  7.4 11222  7.5 22-  7.6 22
  8.1 12--  8.2 112-  8.3 1--  8.4 2-
  9.1 111  9.2 1222
  10.1 22  10.2 22-  10.3 2222-  10.4 11111 222222-----  10.5 22222  10.6 22  10.7 222
  16.1 2  16.2 22222  16.3 2222  16.4 222  16.5 222-`;

function numbersWithLevels(): string[] {
  return REQUIREMENTS.trim()
    .split(/\s(?=\d+\.\d+ )/)
    .flatMap((text) => {
      const [section, ...levels] = text.split(/\s/);
      return [...levels.join('')].map((level, index) => `${section}.${index + 1} ${level}`);
    })
    .filter((line) => !line.endsWith('-'));
}

interface Line {
  number: string;
  level: string;
  verdict: string;
  why: string;
  tests: string;
}

const document = read('docs/security-asvs.md');
const rows = document
  .split('\n')
  .filter((line) => /^\| \d+\.\d+\.\d+ /.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));
const lines: Line[] = rows.map(([, number, level, , verdict, why, tests]) => ({
  number: number!,
  level: level!,
  verdict: verdict!,
  why: why!,
  tests: tests!,
}));

const VERDICTS = ['met', 'partly', 'not met', 'not applicable'];

test('every requirement of levels 1 and 2 has exactly one line, in the order of the standard', () => {
  expect(numbersWithLevels()).toHaveLength(141);
  expect(lines.map(({ number, level }) => `${number} ${level}`)).toEqual(numbersWithLevels());
});

test('every line has a verdict and a reason', () => {
  for (const cells of rows) expect(cells).toHaveLength(8);
  for (const { number, verdict, why } of lines) {
    expect([number, VERDICTS.includes(verdict)]).toEqual([number, true]);
    expect([number, why.length > 3]).toEqual([number, true]);
  }
});

test('every line that is met without a test is about documentation', () => {
  const isDocumentation = ({ number }: Line) => /^\d+\.1\.\d+$/.test(number);
  for (const line of lines.filter(({ verdict, tests }) => verdict === 'met' && tests === ''))
    expect([line.number, isDocumentation(line)]).toEqual([line.number, true]);
});

test('the counts for each chapter match the lines', () => {
  const counted = [...document.matchAll(/^\| (\d+) [A-Z][^|]*((?:\| \d+ +){4})\|$/gm)];
  expect(counted).toHaveLength(8);
  for (const [, chapter, counts] of counted) {
    const inChapter = lines.filter(({ number }) => number.startsWith(`${chapter}.`));
    const expected = VERDICTS.map((verdict) => inChapter.filter((line) => line.verdict === verdict).length);
    expect([chapter, ...counts!.match(/\d+/g)!.map(Number)]).toEqual([chapter, ...expected]);
  }
});

describe.each(['docs/security-asvs.md', 'docs/security.md'])('%s', (path) => {
  const text = read(path);

  test('every test that it names exists', () => {
    const named = [...text.matchAll(/`([^`]+)`: ((?:“[^“”]+”(?:, )?)+)/g)].flatMap(([, file, titles]) =>
      [...titles!.matchAll(/“([^“”]+)”/g)].map(([, title]) => ({ file: file!, title: title! })),
    );
    expect(named.length).toBeGreaterThan(10);
    // No title escapes the expression above.
    expect(text.match(/“/g)).toHaveLength(named.length);
    expect(named.filter(({ file, title }) => !hasTest(file, title))).toEqual([]);
  });

  test('every file that it names exists, and every part of docs/security.md', () => {
    const files = [...text.matchAll(/`((?:server|web|client|test)\/[\w./-]+)`/g)].map(([, file]) => file!);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    const parts = [...text.matchAll(/\]\((?:security\.md)?#([\w-]+)\)/g)].map(([, part]) => part!);
    expect(parts.filter((part) => !HEADINGS.has(part))).toEqual([]);
  });
});

const HEADINGS: ReadonlySet<string> = new Set(
  [...read('docs/security.md').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  ),
);

/** Looks for the whole title, as a string in any quotes. */
function hasTest(file: string, title: string): boolean {
  if (!existsSync(join(ROOT, file))) return false;
  const source = read(file);
  return [`'`, `"`, '`'].some((quote) =>
    source.includes(quote + title.replaceAll(quote, `\\${quote}`) + quote),
  );
}
