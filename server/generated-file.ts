import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describeFileError } from './file-problem.ts';
import { StartError } from './start-error.ts';

/**
 * Reads a secret that was generated into the data folder, and generates it at the first start. Only this user can read
 * the file. @throws StartError when it cannot be read or written, or holds something else
 */
export async function readOrGenerate<Value>(
  path: string,
  generate: () => string,
  read: (text: string) => Value | null,
): Promise<Value> {
  const text = await readOrWrite(path, generate).catch((error: unknown) => {
    throw new StartError(
      `The generated file ${path} cannot be used (${describeFileError(error)}): let this user read and write it, or choose another DATA_DIR.`,
      error,
    );
  });
  const value = read(text);
  if (value !== null) return value;
  throw new StartError(
    `The generated file ${path} is damaged: restore it from a backup, or remove it to have a new one generated.`,
  );
}

async function readOrWrite(path: string, generate: () => string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const generated = generate();
  // Written in full and then renamed: a process killed in between leaves no empty file.
  const temporary = `${path}.new`;
  await writeFile(temporary, generated, { mode: 0o600 });
  // One that was left by a killed process keeps its mode.
  await chmod(temporary, 0o600);
  await rename(temporary, path);
  return generated;
}
