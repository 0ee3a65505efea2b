import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestSetting } from './test-setting.ts';

/** The part of Jest's report that is read here. */
export interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { name: string; message: string; assertionResults: TestResult[] }[];
}

export interface TestResult {
  status: string;
  /** Of what the test is in, outermost first. */
  ancestorTitles: string[];
  fullName: string;
  invocations?: number;
  /** Why each attempt but the last failed. Absent when Jest does not retry. */
  retryReasons?: string[];
  failureMessages: string[];
  /** The thrown errors. That of a failed assertion has a `matcherResult`. */
  failureDetails: { matcherResult?: unknown }[];
}

export interface JestRun {
  /** The exit code. 1 when a signal ended Jest. */
  status: number;
  /** Null when Jest wrote none: it was ended, or could not start. */
  report: JestReport | null;
}

export interface JestOptions {
  /** The checkout whose tests run. Absent: this one. */
  root?: string;
  isQuiet?: boolean;
  /** Ends the run after this time. */
  timeoutMs?: number;
}

export async function runJest(
  args: readonly string[],
  { image, postgres, template }: TestSetting,
  { root = resolve(import.meta.dirname, '..'), isQuiet = false, timeoutMs }: JestOptions = {},
): Promise<JestRun> {
  const folder = await mkdtemp(join(tmpdir(), 'curfew-jest-'));
  const results = join(folder, 'results.json');
  const jest = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
      '--json',
      `--outputFile=${results}`,
      ...args,
    ],
    {
      cwd: root,
      // Jest prints the JSON on stdout and its report on stderr.
      stdio: ['ignore', 'ignore', isQuiet ? 'ignore' : 'inherit'],
      // A process group of its own, so that the servers of an interrupted test end with it.
      detached: timeoutMs !== undefined,
      env: {
        ...process.env,
        NODE_ENV: givenNodeEnv ?? 'test',
        // Tests start hundreds of programs, and each reads the same sources.
        NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
        CURFEW_TEST_IMAGE: image,
        CURFEW_TEST_TEMPLATE: template,
        ...(postgres === null ? {} : { CURFEW_TEST_POSTGRES: postgres }),
      },
    },
  );
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => killGroup(jest.pid), timeoutMs);
  const status = await new Promise<number>((done) => jest.on('close', (code) => done(code ?? 1)));
  clearTimeout(timer);
  if (timeoutMs !== undefined) killGroup(jest.pid);
  const text = await readFile(results, 'utf8').catch(() => null);
  await rm(folder, { recursive: true, force: true });
  return { status, report: text === null ? null : (JSON.parse(text) as JestReport) };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // No process of the group is left.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Read before the pages are built, because the build sets it. */
const givenNodeEnv = process.env.NODE_ENV;
