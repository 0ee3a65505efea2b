import { readArguments } from '../server/cli/arguments.ts';
import { TEMPLATE } from '../test/databases.ts';
import { namePattern, type Mutant } from '../test/mutants/mutant.ts';
import { mutants } from '../test/mutants/mutants.ts';
import { copyCheckout } from './checkout-copy.ts';
import { runWithoutMutants, tryMutant, type Outcome } from './mutant-trial.ts';
import { inTestSetting, type TestSetting } from './test-setting.ts';

// Breaks a copy of this checkout in each known way, one at a time, and checks that the named test fails:
// `npm run test:mutants`, `npm run test:mutants -- --only I6 --only "fault 3"`. Exits with 1 when a mutant survives
// without a reason, no longer applies, or gives no verdict.

const given = readArguments(process.argv.slice(2), { repeated: ['only'], flags: ['sample'] });
const only = given.all('only');
const chosen = mutants.filter(
  ({ covers, isSample }) =>
    (!given.has('sample') || isSample) && (only.length === 0 || only.some((name) => covers.includes(name))),
);

interface Row {
  mutant: Mutant;
  outcome: Outcome;
  seconds: number;
}

let exitCode = 1;
try {
  exitCode = print(await inSetting(tryAll));
} catch (error) {
  console.error(error);
} finally {
  process.exit(exitCode);
}

/** Reuses the setting of a test run, which tries the sample. */
function inSetting<T>(work: (setting: TestSetting) => Promise<T>): Promise<T> {
  const { CURFEW_TEST_IMAGE: image, CURFEW_TEST_POSTGRES: postgres } = process.env;
  return image === undefined
    ? inTestSetting(work)
    : work({ image, postgres: postgres ?? null, template: TEMPLATE });
}

async function tryAll(setting: TestSetting): Promise<Row[]> {
  const copy = await copyCheckout();
  try {
    return await tryIn(copy.root, setting);
  } finally {
    await copy.remove();
  }
}

async function tryIn(root: string, setting: TestSetting): Promise<Row[]> {
  const passes = await runWithoutMutants(chosen, setting, root);
  const rows: Row[] = [];
  for (const mutant of chosen) {
    const started = performance.now();
    const outcome: Outcome = passes(mutant)
      ? await tryMutant(mutant, setting, root)
      : { state: 'no verdict', why: 'the test does not pass without the mutant' };
    const row = { mutant, outcome, seconds: Math.round((performance.now() - started) / 1000) };
    rows.push(row);
    console.log(line(row));
  }
  return rows;
}

function line({ mutant, outcome, seconds }: Row): string {
  const { covers, breaks, test, reason } = mutant;
  const why = outcome.state === 'no verdict' ? ` (${outcome.why})` : '';
  const excuse = outcome.state === 'SURVIVED' && reason !== undefined ? ` (${reason})` : '';
  const name = namePattern({ name: mutant.name }).replaceAll('\\', '');
  return `| ${covers.join(', ')} | ${breaks} | ${test}: ${name} | ${outcome.state}${why}${excuse} | ${seconds} |`;
}

function print(rows: readonly Row[]): number {
  const count = (state: Outcome['state']): number =>
    rows.filter(({ outcome }) => outcome.state === state).length;
  const excused = rows.filter(
    ({ mutant, outcome }) => outcome.state === 'SURVIVED' && mutant.reason !== undefined,
  ).length;
  console.log('\n| Promise | How it is broken | Test | Outcome | Seconds |\n|---|---|---|---|---|');
  for (const row of rows) console.log(line(row));
  console.log(
    `${rows.length} mutants: ${count('killed')} killed, ${count('SURVIVED')} survived (${excused} with a reason), ` +
      `${count('does not apply')} do not apply, ${count('no verdict')} without a verdict`,
  );
  return rows.length > 0 && count('killed') + excused === rows.length ? 0 : 1;
}
