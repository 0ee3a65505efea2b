import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { occurrences } from './mutant.ts';
import { mutants, PROMISES } from './mutants.ts';

const root = resolve(import.meta.dirname, '..', '..');
const read = (path: string): Promise<string> => readFile(resolve(root, path), 'utf8').catch(() => '');

test.each(mutants.map((mutant) => [mutant.breaks, mutant] as const))('%s: applies', async (_, mutant) => {
  expect({ found: occurrences(await read(mutant.file), mutant.find) }).toEqual({ found: 1 });
  expect(mutant.replace).not.toBe(mutant.find);
  const tests = await read(mutant.test);
  const name = mutant.name.replaceAll("'", "\\'");
  expect(tests.includes(mutant.name) || tests.includes(name)).toBe(true);
});

test('every invariant and every fault has a mutant, and no mutant covers an unknown one', () => {
  const covered = new Set(mutants.flatMap(({ covers }) => covers));
  expect(PROMISES.filter((promise) => !covered.has(promise))).toEqual([]);
  expect([...covered].filter((name) => !PROMISES.includes(name))).toEqual([]);
});

test('no two mutants are the same', () => {
  const patches = mutants.map(({ file, find, replace }) => [file, find, replace].join('\n'));
  expect(new Set(patches).size).toBe(patches.length);
});

/** Those of unit tests: `npm run test:mutants` runs all of them. */
test('a sample of them is tried every time, and none survives', async () => {
  const sample = mutants.filter(({ isSample }) => isSample);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', resolve(root, 'scripts', 'mutants.ts'), '--sample'],
    { cwd: root },
  ).catch((error: { stdout: string }) => error);
  expect(stdout.trim().split('\n').at(-1)).toBe(
    `${sample.length} mutants: ${sample.length} killed, 0 survived (0 with a reason), 0 do not apply, 0 without a verdict`,
  );
}, 180_000);
