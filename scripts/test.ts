import { runJest, type JestReport } from './jest.ts';
import { inTestSetting, type TestSetting } from './test-setting.ts';

// Prepares the shared setting and runs Jest. The last line has the counts. In CI a skipped test is a failure.

const isCi = process.env.CI === 'true';

let exitCode = 1;
try {
  exitCode = await inTestSetting(runTests);
} catch (error) {
  console.error(error);
} finally {
  // Explicit, because a library's exit handler sets `process.exitCode` to 0.
  process.exit(exitCode);
}

async function runTests(setting: TestSetting): Promise<number> {
  const { status, report } = await runJest(process.argv.slice(2), setting);
  if (report === null) throw new Error('Jest wrote no report.');
  const passed = report.numPassedTests;
  // A file that could not be loaded counts as a failure.
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  const skipped = report.numPendingTests + report.numTodoTests;
  for (const { assertionResults } of report.testResults)
    for (const { status, invocations, fullName, retryReasons = [] } of assertionResults)
      if (status === 'passed' && (invocations ?? 1) > 1)
        console.log([`Passed only when retried: ${fullName}`, ...retryReasons].join('\n'));
  if (setting.postgres === null)
    console.log('Left out: the tests on PostgreSQL, because none could be started (see above).');
  for (const [title, count] of skippedGroups(report)) console.log(`Left out: ${title} (${count})`);
  if (isCi && skipped > 0) console.log('In CI nothing may be skipped.');
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  // A library's exit handler may have set Jest's exit code to 0.
  return status !== 0 || failed > 0 || (isCi && skipped > 0) || passed === 0 ? 1 : 0;
}

/** What this machine has no program for, with how many tests it has. A run of named tests leaves out what it was told to. */
function skippedGroups({ testResults }: JestReport): Map<string, number> {
  const groups = new Map<string, number>();
  if (process.argv.some((word) => /^(?:-t|--testNamePattern)/.test(word))) return groups;
  for (const { status, ancestorTitles, fullName } of testResults.flatMap((file) => file.assertionResults)) {
    if (status !== 'pending') continue;
    const title = ancestorTitles[0] ?? fullName;
    groups.set(title, (groups.get(title) ?? 0) + 1);
  }
  return groups;
}
