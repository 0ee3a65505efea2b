import { CsvError, parse } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import { isSessionId } from '../database/ids.ts';
import { AppError } from '../errors.ts';
import type { OldToken } from '../sessions/session.import.ts';

const COLUMNS = ['jti', 'user', 'issued', 'expires'] as const;
type Column = (typeof COLUMNS)[number];

export interface ImportLine extends OldToken {
  /** Counted from 1, which is the header. */
  line: number;
}

export interface BadLine {
  line: number;
  /** Null where the line has none. */
  jti: string | null;
  why: string;
}

export interface ImportFile {
  good: ImportLine[];
  bad: BadLine[];
}

/** @throws BAD_USER_INPUT when it cannot be read, is no well-formed CSV in UTF-8, or lacks a column */
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
    // Takes a byte order mark away.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusal('The file is not text in UTF-8.');
  }
}

/** Judges every line by itself; what needs the database, or the time, is not looked at. */
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
      file.bad.push({ line, jti, why: `its jti is that of line ${earlier} already` });
    else file.good.push(read);
    if (earlier === undefined && jti) seen.set(jti, line);
  }
  return file;
}

interface CsvRecord {
  cells: string[];
  line: number;
}

function parseCsv(text: string): CsvRecord[] {
  try {
    const parsed = parse(text, { info: true, trim: true, skip_empty_lines: true, relax_column_count: true });
    const records = (parsed as unknown as { record: string[]; info: { lines: number } }[]).map(
      ({ record, info }) => ({ cells: record, line: info.lines }),
    );
    // A quote that is missing its other half swallows lines up to the next quote.
    const torn = records.find(({ cells }) => cells.some((cell) => /[\r\n]/.test(cell)));
    if (torn) throw refusal(`Line ${torn.line}: a value goes over several lines. Is a quote missing before?`);
    return records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Its message quotes the line, which may hold a jti.
    const { code, lines } = error as CsvError & { lines?: number };
    throw refusal(`Line ${lines ?? 1}: this is no well-formed CSV (${code}).`);
  }
}

function findColumns(header: readonly string[]): Record<Column, number> {
  const names = header.map((name) => name.toLowerCase());
  for (const column of COLUMNS) {
    const count = names.filter((name) => name === column).length;
    if (count === 1) continue;
    const problem = count === 0 ? 'is missing' : 'is there twice';
    throw refusal(
      `The column ${column} ${problem}: the first line names the columns ${COLUMNS.join(',')}, in any order.`,
    );
  }
  return Object.fromEntries(COLUMNS.map((column) => [column, names.indexOf(column)])) as Record<
    Column,
    number
  >;
}

/** The line, or why it is a bad one. */
function readLine(given: (column: Column) => string, line: number): ImportLine | string {
  const [jti, subject] = [given('jti'), given('user')];
  if (!isSessionId(jti)) return 'its jti is not 1 to 200 characters without NUL';
  if (!isSessionId(subject)) return 'its user is not 1 to 200 characters without NUL';
  const [issuedAt, expiresAt] = [readInstant(given('issued')), readInstant(given('expires'))];
  if (issuedAt === null) return 'issued is neither RFC 3339 nor Unix seconds';
  if (expiresAt === null) return 'expires is neither RFC 3339 nor Unix seconds';
  if (expiresAt <= issuedAt) return 'expires is not after issued';
  return { line, jti, subject, issuedAt, expiresAt };
}

const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d(?:\.\d+)?)([Zz]|[+-]\d\d:\d\d)$/;
/** A NumericDate (RFC 7519, section 2), up to the year 9999: milliseconds would be far beyond. */
const UNIX_SECONDS = /^\d{1,12}(?:\.\d+)?$/;
const LAST_SECOND = 253_402_300_799;

function readInstant(text: string): Date | null {
  if (UNIX_SECONDS.test(text))
    return Number(text) <= LAST_SECOND ? new Date(Math.floor(Number(text) * 1000)) : null;
  const [, day = '', time = '', zone = ''] = RFC_3339.exec(text) ?? [];
  // JavaScript takes a 31 February for a day in March.
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) return null;
  const moment = new Date(`${day}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

const refusal = (message: string): AppError => new AppError('BAD_USER_INPUT', message);
