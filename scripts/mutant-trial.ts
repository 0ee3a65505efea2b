import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applied, namePattern, occurrences, type Mutant } from '../test/mutants/mutant.ts';
import { runJest, type JestRun, type TestResult } from './jest.ts';
import type { TestSetting } from './test-setting.ts';

export type Outcome =
  | { state: 'killed' }
  | { state: 'SURVIVED' }
  /** The file, or the code in it, no longer exists. */
  | { state: 'does not apply' }
  /** The test fails without the mutant, does not exist, or failed for another reason. */
  | { state: 'no verdict'; why: string };

const TEST_TIMEOUT_MS = 8 * 60_000;

/** Runs only the named tests of the copy. */
function runNamed(
  named: readonly Mutant[],
  setting: TestSetting,
  root: string,
  options: readonly string[] = [],
): Promise<JestRun> {
  const files = [...new Set(named.map(({ test }) => join(root, test)))];
  const names = [...new Set(named.map(namePattern))].map((pattern) => `(${pattern})`).join('|');
  const args = ['--runTestsByPath', ...files, '--testNamePattern', names, ...options];
  return runJest(args, setting, { root, isQuiet: true, timeoutMs: TEST_TIMEOUT_MS * files.length });
}

/** Returns the tests of the mutant that ran. */
function testsOf(mutant: Mutant, { report }: JestRun, root: string): TestResult[] {
  const path = join(root, mutant.test);
  const pattern = new RegExp(namePattern(mutant));
  const all = report?.testResults.filter(({ name }) => name === path) ?? [];
  return all
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status, fullName }) => (status === 'passed' || status === 'failed') && pattern.test(fullName));
}

/** Runs every named test without a mutant first: one that fails anyway gives no verdict. */
export async function runWithoutMutants(
  chosen: readonly Mutant[],
  setting: TestSetting,
  root: string,
): Promise<(mutant: Mutant) => boolean> {
  const run = await runNamed(chosen, setting, root);
  return (mutant) => {
    const tests = testsOf(mutant, run, root);
    return tests.length > 0 && tests.every(({ status }) => status === 'passed');
  };
}

/** Applies the mutant to the copy, runs its test, and restores the copy. */
export async function tryMutant(mutant: Mutant, setting: TestSetting, root: string): Promise<Outcome> {
  const path = join(root, mutant.file);
  const original = await readFile(path, 'utf8').catch(() => '');
  if (occurrences(original, mutant.find) !== 1) return { state: 'does not apply' };
  await writeFile(path, applied(original, mutant));
  try {
    const inSetting = async (given: TestSetting) =>
      judge(mutant, await runNamed([mutant], given, root, ['--runInBand', '--forceExit']), root);
    return mutant.changesDatabase ? await withDatabasesOf(root, inSetting) : await inSetting(setting);
  } finally {
    await writeFile(path, original);
  }
}

/** Prepares databases with the migrations of the copy, in another process that loads the copy's modules. */
async function withDatabasesOf<T>(root: string, work: (setting: TestSetting) => Promise<T>): Promise<T> {
  const child = fork(join(root, 'scripts', 'serve-test-setting.ts'), {
    cwd: root,
    env: { ...process.env, CURFEW_TEST_TEMPLATE: 'curfew_test_mutant' },
  });
  // A child that is disconnected from here emits no "close".
  const ended = once(child, 'exit');
  try {
    const [setting] = (await Promise.race([once(child, 'message'), ended.then(() => [null])])) as [
      TestSetting | null,
    ];
    if (setting === null) throw new Error('The databases of the mutant could not be prepared.');
    return await work(setting);
  } finally {
    if (child.connected) child.disconnect();
    await ended;
  }
}

function judge(mutant: Mutant, run: JestRun, root: string): Outcome {
  if (run.report === null)
    return { state: 'no verdict', why: `took longer than ${TEST_TIMEOUT_MS / 1000} s` };
  const tests = testsOf(mutant, run, root);
  if (tests.length === 0) {
    const [file] = run.report.testResults;
    return { state: 'no verdict', why: firstLine(file?.message || 'no test of that name ran') };
  }
  const failed = tests.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return { state: 'SURVIVED' };
  if (failed.some((test) => isExpectedFailure(mutant, test))) return { state: 'killed' };
  return { state: 'no verdict', why: firstLine(failed[0]!.failureMessages[0] ?? 'failed without a message') };
}

function isExpectedFailure({ failsWith }: Mutant, { failureMessages, failureDetails }: TestResult): boolean {
  if (failsWith) return failureMessages.some((message) => failsWith.test(message));
  // A promise that should have rejected and did not is reported without a result.
  return (
    failureDetails.some(({ matcherResult }) => matcherResult !== undefined) ||
    failureMessages.some((message) => ASSERTION.test(message))
  );
}

const ASSERTION = /^Error: (?:\u001b\[\d+m)*expect\(/;

const COLOURS = /\u001b\[\d+m/g;

const firstLine = (text: string): string =>
  text
    .replace(COLOURS, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, 2)
    .join(' ')
    .slice(0, 200);
