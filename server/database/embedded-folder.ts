import { access, constants, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeFileError } from '../file-problem.ts';
import { StartError, withinSeconds } from '../start-error.ts';

/** The major version of PostgreSQL in PGlite. Its files can be read by that version only. */
const EMBEDDED_VERSION = '18';
/** Creating a database takes seconds, and a minute on a slow disk. */
const OPEN_TIMEOUT_SECONDS = 120;

/**
 * Opens the embedded database in `folder` with `open`. Checks before whether it is one: PGlite would create a database
 * over the files of another, and explains none of its failures.
 * @throws StartError
 */
export async function openEmbeddedFolder<Opened>(
  folder: string,
  open: () => Promise<Opened>,
): Promise<Opened> {
  const version = await readVersion(folder);
  if (version !== null && version !== EMBEDDED_VERSION) {
    const isNumber = /^\d{1,3}(?:\.\d+)?$/.test(version);
    throw isNumber
      ? new StartError(
          `The database in ${folder} has the format of PostgreSQL ${version}, and this Curfew embeds ${EMBEDDED_VERSION}: start the Curfew that created it, or choose another DATA_DIR.`,
        )
      : damaged(folder, 'its PG_VERSION is no version');
  }
  try {
    return await withinSeconds(OPEN_TIMEOUT_SECONDS, `Opening the embedded database in ${folder}`, open());
  } catch (error) {
    throw error instanceof StartError ? error : damaged(folder, reasonOf(error), error);
  }
}

const damaged = (folder: string, reason: string, cause?: unknown): StartError =>
  new StartError(
    `The embedded database in ${folder} cannot be opened (${reason}): restore the folder of DATA_DIR from a backup, or choose another.`,
    cause,
  );

/** Null: there is no database yet, or its creation was interrupted, and one may be created. @throws StartError */
async function readVersion(folder: string): Promise<string | null> {
  try {
    const names = await readdir(folder).catch(ignoreMissing);
    if (names === null || names.length === 0) return null;
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    if (names.includes('PG_VERSION')) return (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim();
    if (isUnfinished(names)) return null;
  } catch (error) {
    throw damaged(folder, describeFileError(error), error);
  }
  throw damaged(folder, 'it has files, and no PG_VERSION as a database has');
}

/** PGlite writes the folders first, then PG_VERSION, and last the settings. */
const isUnfinished = (names: readonly string[]): boolean =>
  names.every((name) => /^(?:base|global|pg_(?!hba|ident)\w+|lost\+found)$/.test(name));

function ignoreMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

/** What PGlite says when PostgreSQL ended while it read its files. */
const WITHOUT_REASON = /^(?:$|Aborted|unreachable|PGlite failed to initialize)/;

/** PGlite throws errors of WebAssembly, and objects of its file system that are no errors. */
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { code, errno, message } = error as { code?: unknown; errno?: unknown; message?: unknown };
  if (typeof code === 'string') return describeFileError(error);
  if (typeof message === 'string' && !WITHOUT_REASON.test(message))
    return message.split('\n', 1)[0]!.replace(/\.$/, '');
  return typeof errno === 'number' ? `error ${errno} of its file system` : 'its files are damaged';
}
