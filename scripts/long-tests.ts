import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Runs every suite that is small in CI at its full size, which takes hours. Prints a table of results and their count.

const SUITES: readonly { name: string; args: readonly string[] }[] = [
  { name: 'attack', args: ['scripts/test.ts', 'test/attack', 'test/parsers'] },
  { name: 'model', args: ['scripts/test.ts', 'test/model'] },
  { name: 'faults', args: ['scripts/test.ts', 'test/faults'] },
  { name: 'mutants', args: ['scripts/mutants.ts'] },
];

interface Row {
  suite: string;
  did: Record<string, string | number>;
}

const scratch = await mkdtemp(join(tmpdir(), 'curfew-long-'));
const reportFile = join(scratch, 'report.jsonl');
let failed = 0;
try {
  for (const { name, args } of SUITES) {
    console.log(`\n${name}`);
    const code = await run(args);
    if (code !== 0) failed += 1;
    console.log(`${name}: ${code === 0 ? 'passed' : 'FAILED'}`);
  }
  console.log('');
  console.table((await readRows()).map(({ suite, did }) => ({ suite, ...toCells(did) })));
  console.log(`${SUITES.length - failed} passed, ${failed} failed, 0 skipped`);
} finally {
  await rm(scratch, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);

function run(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, args, {
    stdio: 'inherit',
    env: { ...process.env, TEST_SIZE: 'full', TEST_REPORT_FILE: reportFile },
  });
  return new Promise((done) => child.once('close', (code) => done(code ?? 1)));
}

async function readRows(): Promise<Row[]> {
  const text = await readFile(reportFile, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

const toCells = (did: Row['did']) => ({
  seed: did.seed ?? '',
  did: Object.entries(did)
    .filter(([name]) => name !== 'seed')
    .map(([name, value]) => `${name} ${value}`)
    .join(', '),
});
