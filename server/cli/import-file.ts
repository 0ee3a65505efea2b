import { CsvError, parse } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import { isSessionId } from '../database/ids.ts';
import { AppError } from '../errors.ts';
import { readRfc3339 } from '../rfc3339.ts';
import type { OldToken } from './import-sessions.ts';

const COLUMNS = ['jti', 'user', 'issued', 'expires'] as const;
type Column = (typeof COLUMNS)[number];

export interface ImportLine extends OldToken {
  /** Counted from 1, the header. */
  line: number;
}

export interface BadLine {
  line: number;
  /** Null when the line has none. */
  jti: string | null;
  why: string;
}

export interface ImportFile {
  good: ImportLine[];
  bad: BadLine[];
}

/** Reads the file. @throws BAD_USER_INPUT when it cannot be read, is not well-formed CSV in UTF-8, or lacks a column */
export async function readImportFile(path: string): Promise<ImportFile> {
  return readImport(decode(await read(path)));
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw refusal(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function decode(bytes: Buffer): string {
  try {
    // Removes a byte order mark.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusal('The file is not text in UTF-8.');
  }
}

/** Checks every line on its own, without the database and the current time. */
export function readImport(text: string): ImportFile {
  const [header, ...records] = parseCsv(text);
  const at = findColumns(header?.cells ?? []);
  const file: ImportFile = { good: [], bad: [] };
  const seen = new Map<string, number>();
  for (const { cells, line } of records) {
    const given = (column: Column): string => cells[at[column]] ?? '';
    const jti = given('jti');
    const earlier = seen.get(jti);
    const read =
      cells.length === header!.cells.length
        ? readLine(given, line)
        : `the header has ${header!.cells.length} values and this line ${cells.length}`;
    if (typeof read === 'string') file.bad.push({ line, jti: jti || null, why: read });
    else if (earlier !== undefined)
      file.bad.push({ line, jti, why: `its jti repeats that of line ${earlier}` });
    else file.good.push(read);
    if (earlier === undefined && jti) seen.set(jti, line);
  }
  return file;
}

/** Two ids and two times take some hundred characters; a file with longer lines is another file. */
const MAX_LINE_LENGTH = 16 * 1024;

interface CsvRecord {
  cells: string[];
  line: number;
}

function parseCsv(text: string): CsvRecord[] {
  try {
    const parsed = parse(text, {
      info: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: MAX_LINE_LENGTH,
    });
    const records = (parsed as unknown as { record: string[]; info: { lines: number } }[]).map(
      ({ record, info }) => ({ cells: record, line: info.lines }),
    );
    // A missing closing quote swallows lines up to the next quote.
    const torn = records.find(({ cells }) => cells.some((cell) => /[\r\n]/.test(cell)));
    if (torn)
      throw refusal(`Line ${torn.line}: a value spans several lines. Check for a missing quote before it.`);
    return records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // The parser's message quotes the line, which may contain a jti.
    const { code, lines } = error as CsvError & { lines?: number };
    throw refusal(`Line ${lines ?? 1} is not well-formed CSV (${code}).`);
  }
}

function findColumns(header: readonly string[]): Record<Column, number> {
  const names = header.map((name) => name.toLowerCase());
  for (const column of COLUMNS) {
    const count = names.filter((name) => name === column).length;
    if (count === 1) continue;
    const problem = count === 0 ? 'is missing' : 'is repeated';
    throw refusal(
      `The column ${column} ${problem}. The first line must name the columns ${COLUMNS.join(',')}, in any order.`,
    );
  }
  return Object.fromEntries(COLUMNS.map((column) => [column, names.indexOf(column)])) as Record<
    Column,
    number
  >;
}

/** Returns the line, or a text that says why it is bad. */
function readLine(given: (column: Column) => string, line: number): ImportLine | string {
  const [jti, subject] = [given('jti'), given('user')];
  if (!isSessionId(jti)) return 'its jti is not 1 to 200 characters without NUL';
  if (!isSessionId(subject)) return 'its user is not 1 to 200 characters without NUL';
  const [issuedAt, expiresAt] = [readInstant(given('issued')), readInstant(given('expires'))];
  if (issuedAt === null) return 'issued is neither RFC 3339 nor Unix seconds';
  if (expiresAt === null) return 'expires is neither RFC 3339 nor Unix seconds';
  if (expiresAt <= issuedAt) return 'expires is not after issued';
  if (expiresAt.getTime() - issuedAt.getTime() > MAX_LIFETIME_MS)
    return `expires is more than ${MAX_LIFETIME_SECONDS} seconds (68 years) after issued`;
  return { line, jti, subject, issuedAt, expiresAt };
}

/** A NumericDate (RFC 7519, section 2) up to the year 9999, which rules out milliseconds. */
const UNIX_SECONDS = /^\d{1,12}(?:\.\d+)?$/;
const LAST_SECOND = 253_402_300_799;

/** The API counts the seconds of a session in 32 bits. */
const MAX_LIFETIME_SECONDS = 2 ** 31 - 1;
const MAX_LIFETIME_MS = MAX_LIFETIME_SECONDS * 1000;

function readInstant(text: string): Date | null {
  if (UNIX_SECONDS.test(text))
    return Number(text) <= LAST_SECOND ? new Date(Math.floor(Number(text) * 1000)) : null;
  // RFC 3339 (section 5.6) allows a space in place of the T.
  return readRfc3339(text.replace(' ', 'T'));
}

const refusal = (message: string): AppError => new AppError('BAD_USER_INPUT', message);
