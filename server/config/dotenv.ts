import { parseEnv } from 'node:util';
import { describeFileError } from '../file-problem.ts';
import { StartError } from '../start-error.ts';
import { restoreNodeEnv } from './node-env.ts';
import { readSettingsFile } from './read-settings-file.ts';
import { environment } from './variables.ts';

const FILE = '.env';

/**
 * Returns the process's environment, completed by an optional `.env` in the working directory. A variable of the
 * process counts before that of the file, and the last of several in the file. Names those on standard error.
 * @throws StartError when the file is there and cannot be read as text in UTF-8
 */
export function readEnvironment(): NodeJS.ProcessEnv {
  restoreNodeEnv();
  const text = readFile();
  if (text === null) return process.env;
  const repeated = repeatedNames(text);
  if (repeated.length > 0)
    // eslint-disable-next-line no-console -- the settings of the logger are not read yet
    console.error(`${FILE} sets ${repeated.join(', ')} more than once; the last line counts.`);
  for (const [name, value] of Object.entries(parseEnv(text))) process.env[name] ??= value;
  return process.env;
}

/** Null: there is no such file. */
function readFile(): string | null {
  let bytes: Buffer;
  try {
    bytes = readSettingsFile(FILE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new StartError(
      `The settings in ${process.cwd()}/${FILE} cannot be read (${describeFileError(error)}): correct or remove it.`,
    );
  }
  const text = decode(bytes);
  if (text !== null) return text;
  throw new StartError(
    `The settings in ${process.cwd()}/${FILE} are not text in UTF-8: save the file with that encoding.`,
  );
}

/** Decodes UTF-8 without its byte order mark. Null for any other encoding; UTF-16 has a NUL beside each letter. */
function decode(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

/** Only names that Curfew knows: a line inside a value of several lines may look like another name. */
function repeatedNames(text: string): string[] {
  const names = [...text.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Z_]+)[ \t]*=/gm)].map(([, name]) => name!);
  const repeated = names.filter((name, index) => names.indexOf(name) < index);
  return [...new Set(repeated)].filter((name) => Object.hasOwn(environment.shape, name));
}
