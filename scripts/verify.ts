import { spawn } from 'node:child_process';

// What CI runs: every check of the sources, then the build, then all tests. Stops at the first group that fails.

/** Checks that read the sources and write nothing, in two lines that run side by side. The lint takes as long as the rest. */
const LINES: readonly (readonly string[])[] = [
  ['lint'],
  ['format:check', 'codegen:check', 'env:check', 'glossary:check', 'messages:check', 'types'],
];

const failed = (await Promise.all(LINES.map(runLine))).flat();
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`);
  process.exit(1);
}
// Their output is long, and comes as it is written.
for (const script of ['build', 'test'])
  if ((await run(script, 'inherit')).code !== 0) {
    console.error(`Failed: ${script}`);
    process.exit(1);
  }

/** Runs the scripts one after the other, prints what each said at its end, and returns those that failed. */
async function runLine(scripts: readonly string[]): Promise<string[]> {
  const failed: string[] = [];
  for (const script of scripts) {
    const { code, output } = await run(script, 'pipe');
    process.stdout.write(output);
    if (code !== 0) failed.push(script);
  }
  return failed;
}

function run(script: string, stdio: 'pipe' | 'inherit'): Promise<{ code: number | null; output: string }> {
  const npm = spawn('npm', ['run', script], { stdio: ['ignore', stdio, stdio] });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((done) => npm.on('close', (code) => done({ code, output })));
}
