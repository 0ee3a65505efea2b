import { execFile, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

/** Debian keeps some programs on root's path only. */
export const PROGRAM_PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

/** Tests that need a program. Without it they are left out, and their title says so; in CI nothing may be. */
export function withProgram(program: string, args: readonly string[], define: () => void): void {
  const isThere = spawnSync(program, args, { env: { PATH: PROGRAM_PATH } }).status === 0;
  if (isThere) describe(`with ${program}`, define);
  else describe.skip(`with ${program}, which is not installed`, define);
}

/** Runs a program in the root of the repository to its end. */
export function runProgram(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; output: string }> {
  return new Promise((done) =>
    execFile(
      program,
      args,
      { cwd: ROOT, env: { PATH: PROGRAM_PATH, ...env }, maxBuffer: 1 << 26 },
      (error, stdout, stderr) =>
        done({
          code: error ? (typeof error.code === 'number' ? error.code : 1) : 0,
          output: `${stdout}${stderr}`,
        }),
    ),
  );
}

export const inRoot = (path: string): string => join(ROOT, path);
