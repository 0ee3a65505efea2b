import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import type { Role } from '../../generated/people-operations.ts';

/** A person as a file names them. */
export interface ImportedPerson {
  /** The line of the file on which they end. */
  line: number;
  email: string;
  name: string;
  /** Null: the text is neither an owner's nor a member's. */
  role: Role | null;
}

/** Why a text could not be read at all. `line` null: as a whole. */
export interface ImportProblem {
  kind: 'empty' | 'too-many' | 'malformed';
  line: number | null;
}

export type ReadPeople = { people: ImportedPerson[] } | { problem: ImportProblem };

/** The maximum of one import. */
export const MAX_IMPORTED = 1_000;

const DELIMITERS = [',', ';', '\t'] as const;

// As files name their columns and roles, in the languages of the pages and without regard to case.
const COLUMNS = {
  email: [
    'email',
    'e-mail',
    'mail',
    'e-mail-adresse',
    'adresse e-mail',
    'courriel',
    'correo',
    'correo electrónico',
  ],
  name: ['name', 'full name', 'nom', 'nombre'],
  role: ['role', 'rolle', 'rôle', 'rol'],
};
const ROLES: Record<Role, readonly string[]> = {
  OWNER: ['owner', 'inhaber', 'inhaberin', 'propriétaire', 'propietario', 'propietaria'],
  MEMBER: ['', 'member', 'mitglied', 'membre', 'miembro'],
};

/** Decodes a file: UTF-8, UTF-16 with its mark (Excel's "Unicode text"), or Windows-1252 as older spreadsheets write it. */
export function decodeFile(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes.slice(0, 2));
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * Reads people out of CSV (RFC 4180), with commas, semicolons or tabs, and with or without a first line that names the
 * columns. Without it they are e-mail, name and role.
 */
export function readPeopleFile(text: string): ReadPeople {
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      info: true,
      // The names of the columns, and one more than are taken: of a text of any size no more is read.
      to: MAX_IMPORTED + 2,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
    }) as unknown as typeof records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { problem: { kind: 'malformed', line: typeof error.lines === 'number' ? error.lines : null } };
  }
  const columns = columnsOf(records[0]?.record ?? []);
  const rows = columns ? records.slice(1) : records;
  if (rows.length === 0) return { problem: { kind: 'empty', line: null } };
  if (rows.length > MAX_IMPORTED) return { problem: { kind: 'too-many', line: null } };
  const at = columns ?? { email: 0, name: 1, role: 2 };
  return {
    people: rows.map(({ record, info }) => ({
      line: info.lines,
      email: record[at.email] ?? '',
      name: record[at.name] ?? '',
      role: readRole(record[at.role] ?? ''),
    })),
  };
}

/** The delimiter that the first line has most of. */
function delimiterOf(text: string): string {
  const [first = ''] = text.trimStart().split(/\r\n|\r|\n/, 1);
  const countOf = (delimiter: string) => first.split(delimiter).length;
  return DELIMITERS.reduce((best, next) => (countOf(next) > countOf(best) ? next : best));
}

/** Null: the first line names no columns. */
function columnsOf(first: readonly string[]): Record<keyof typeof COLUMNS, number> | null {
  const names = first.map((cell) => cell.toLowerCase());
  const indexOf = (column: keyof typeof COLUMNS) => names.findIndex((name) => COLUMNS[column].includes(name));
  const email = indexOf('email');
  return email === -1 ? null : { email, name: indexOf('name'), role: indexOf('role') };
}

function readRole(text: string): Role | null {
  const lower = text.toLowerCase();
  return (['MEMBER', 'OWNER'] as const).find((role) => ROLES[role].includes(lower)) ?? null;
}
