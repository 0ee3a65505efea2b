import { readArguments, UsageError } from './cli/arguments.ts';
import { answerQuestion, type ProgramName } from './cli/program.ts';

// The command `curfew` of the package. A program is loaded when it is asked for, and then finds its own arguments where
// they are when an npm script starts it.

const PARENT_CHECK_MS = 250;

const PROGRAMS: Record<ProgramName, { summary: string; run(): Promise<unknown> }> = {
  start: { summary: 'applies pending migrations and serves, until SIGTERM or SIGINT', run: start },
  migrate: { summary: 'applies pending migrations', run: () => import('./cli/migrate.ts') },
  admin: { summary: "an operator's commands; --help lists them", run: () => import('./cli/admin.ts') },
};

const usage = `Usage: curfew COMMAND [OPTIONS]

${Object.entries(PROGRAMS)
  .map(([name, { summary }]) => `  ${name.padEnd(9)}${summary}`)
  .join('\n')}

--help and --version work here and after each command.`;

const settings =
  'Settings are environment variables, or lines of a file .env in the current folder. Without DATABASE_URL the data is in\nthe folder DATA_DIR, by default .data in the current folder.';

const [name = '', ...args] = process.argv.slice(2);
if (Object.hasOwn(PROGRAMS, name)) {
  process.argv.splice(2, 1);
  await PROGRAMS[name as ProgramName].run();
} else {
  const answer = name.startsWith('-') ? answerQuestion([name], () => `${usage}\n\n${settings}`) : null;
  if (answer !== null) console.log(answer);
  else fail(name && `Unknown command: ${name}.`);
}

async function start(): Promise<void> {
  const text = 'Usage: curfew start\n\nApplies pending migrations and serves, until SIGTERM or SIGINT.';
  const answer = answerQuestion(args, () => `${text}\n\n${settings}`);
  if (answer !== null) return console.log(answer);
  try {
    readArguments(args, {});
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return fail(error.message);
  }
  if (process.env.npm_command === 'exec') stopWithParent();
  await import('./main.ts');
}

/** npx starts Curfew through a shell and passes SIGTERM to that shell alone, which ends and would leave Curfew behind. */
function stopWithParent(): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_MS).unref();
}

function fail(problem: string): void {
  console.error(`${problem}\n${usage}`.trimStart());
  process.exitCode = 1;
}
