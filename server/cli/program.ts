import { readFileSync } from 'node:fs';

/** The command lines that `curfew` and the npm scripts have. */
export type ProgramName = 'start' | 'migrate' | 'admin';

const NPM_SCRIPTS: Record<ProgramName, string> = {
  start: 'npm start',
  migrate: 'npm run migrate',
  admin: 'npm run admin --',
};

/** TypeScript runs in a clone alone: the package holds compiled JavaScript. */
const isClone = import.meta.filename.endsWith('.ts');

/** Returns how an operator starts a program: `npm run admin --` in a clone, `curfew admin` from the package. */
export const commandLine = (program: ProgramName): string =>
  isClone ? NPM_SCRIPTS[program] : `curfew ${program}`;

/** Returns the version in package.json. */
export function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Follows every help text. */
const EXIT_CODES =
  'Exit codes: 0 when it did what it says. 1 when it did not; the reason is on standard error.';

/** Returns the answer to `--version`, or to `--help` with the given text. Null: the arguments ask for neither. */
export function answerQuestion(args: readonly string[], help: () => string): string | null {
  const end = args.indexOf('--');
  const words = new Set(end === -1 ? args : args.slice(0, end));
  if (words.has('--help') || words.has('-h')) return `${help()}\n\n${EXIT_CODES}`;
  return words.has('--version') || words.has('-v') ? readVersion() : null;
}
