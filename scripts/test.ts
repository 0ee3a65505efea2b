import { runJest } from './jest.ts';
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
    for (const { status, invocations, fullName } of assertionResults)
      if (status === 'passed' && (invocations ?? 1) > 1) console.log(`Passed only when retried: ${fullName}`);
  if (setting.postgres === null)
    console.log('Left out: the tests on PostgreSQL, because none could be started (see above).');
  if (isCi && skipped > 0) console.log('In CI nothing may be skipped.');
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  // A library's exit handler may have set Jest's exit code to 0.
  return status !== 0 || failed > 0 || (isCi && skipped > 0) || passed === 0 ? 1 : 0;
}
