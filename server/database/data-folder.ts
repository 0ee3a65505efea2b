import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describeFileError } from '../file-problem.ts';
import { StartError, withinSeconds } from '../start-error.ts';

/** A folder on a network that is down answers nothing. */
const TIMEOUT_SECONDS = 10;

/** Creates the data folder with its parents, and checks that this user may write into it. @throws StartError */
export function prepareDataFolder(folder: string): Promise<void> {
  return withinSeconds(TIMEOUT_SECONDS, `Preparing ${folder}, the folder of DATA_DIR,`, prepare(folder));
}

async function prepare(folder: string): Promise<void> {
  try {
    await create(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusableDataFolder(folder, error);
  }
}

export const unusableDataFolder = (folder: string, error: unknown): StartError =>
  new StartError(
    `DATA_DIR leads to ${folder}, which cannot be created or written (${describeFileError(error)}): choose a folder that this user may write into.`,
    error,
  );

/** Not with `recursive`: Node then tries for ever in a folder such as /proc, where nothing can be created. */
async function create(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder && !(await isFolder(parent))) await create(parent);
  await mkdir(folder, { mode: 0o700 }).catch(async (error: unknown) => {
    // Another process may have created it at this moment.
    if (!(await isFolder(folder))) throw error;
  });
}

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
};
