import { COMMAND_TIMEOUT_MS } from '../database/timeouts.ts';
import { AppError } from '../errors.ts';
import type { Command } from './command.ts';
import { readImportFile, type BadLine } from './import-file.ts';
import { insertPlanned, planImport, type ImportRefusal } from './import-sessions.ts';

const importTokens: Command = {
  usage: 'FILE.csv [--skip-bad]',
  summary:
    'Imports the refresh tokens of an earlier system, all or none. --skip-bad leaves the bad lines out and names them.',
  argument: 'FILE.csv',
  flags: ['skip-bad'],
  prepare: (given) => async (context) => {
    const file = await readImportFile(given.required('FILE.csv'));
    const { plan, bad, isDone } = await context.database.longTransaction(COMMAND_TIMEOUT_MS, async (em) => {
      const plan = await planImport(em, file.good, context.now);
      const bad = [...file.bad, ...plan.refused.map(({ token, reason }) => ({ ...token, why: WHY[reason] }))];
      const isDone = bad.length === 0 || given.has('skip-bad');
      if (isDone) await insertPlanned(em, plan);
      return { plan, bad, isDone };
    });

    const lines = bad.toSorted((one, other) => one.line - other.line).map(describe);
    if (!isDone) {
      const end = `Nothing was imported: ${count(bad.length, 'bad line')}. Use --skip-bad to leave them out.`;
      throw new AppError('BAD_USER_INPUT', [...lines, end].join('\n'));
    }
    const end = `imported: ${plan.fresh.length}, already there: ${plan.alreadyThere}, bad lines: ${bad.length}`;
    return [...lines, end].join('\n');
  },
};

export const importCommands: Record<string, Command> = { 'import-tokens': importTokens };

const WHY: Record<ImportRefusal, string> = {
  EXPIRED: 'expired',
  ISSUED_IN_THE_FUTURE: 'issued is in the future',
  UNKNOWN_USER: 'no user has this id, external id or sign-in e-mail',
  AMBIGUOUS_USER: 'users of several accounts have this external id',
  INACTIVE_USER: 'its user is inactive',
  OTHER_SESSION: 'its jti was imported with other values, or is the id of another session',
};

/** Enough of a `jti` to find the line, too little to be used as one. */
const SHOWN_JTI_LENGTH = 8;

function describe({ line, jti, why }: BadLine): string {
  const shown = jti === null ? '' : ` (jti ${[...jti].slice(0, SHOWN_JTI_LENGTH).join('')}...)`;
  return `line ${line}${shown}: ${why}`;
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
