import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createLogger } from '../server/logger.ts';
import type { Database } from '../server/database/database.ts';
import { openDatabase } from '../server/open-database.ts';
import pg from 'pg';
import { isFullSize } from './size.ts';

export type DatabaseKind = 'embedded' | 'postgresql';

/** Set by scripts/test.ts: a dumped, migrated data directory, and a server with a migrated template database. */
const { CURFEW_TEST_IMAGE, CURFEW_TEST_POSTGRES, CURFEW_TEST_TEMPLATE } = process.env;
/** Set when two suites run against one server at the same time. */
export const TEMPLATE = CURFEW_TEST_TEMPLATE ?? 'curfew_test_template';

export const hasPostgres = CURFEW_TEST_POSTGRES !== undefined;

/** Of a test that says nothing else. The embedded database takes ten times as long to start. */
export const USUAL_DATABASE: DatabaseKind = hasPostgres ? 'postgresql' : 'embedded';

/**
 * Defines the same tests on both databases, for what the databases could differ in. Without PostgreSQL its half is skipped,
 * and the last line says so.
 */
export function onEachDatabase(define: (kind: DatabaseKind) => void): void {
  describe('on the embedded database', () => define('embedded'));
  onPostgres(() => define('postgresql'));
}

/** For what is decided above the statements: on the usual database, and at full size on both. */
export function onUsualDatabase(define: (kind: DatabaseKind) => void): void {
  if (isFullSize || !hasPostgres) onEachDatabase(define);
  else onPostgres(() => define('postgresql'));
}

/** For races and faults, which need more than the single connection of the embedded database. */
export function onPostgres(define: () => void): void {
  (hasPostgres ? describe : describe.skip)('on PostgreSQL', define);
}

export interface TestDatabase {
  /** The URL of a fresh database; null for the embedded one, which lives in this process's memory. */
  url: string | null;
  open(): Promise<Database>;
  drop(): Promise<void>;
}

/** Hundreds of simultaneous requests share one process with the tests that send them. */
const TIMEOUT_MS = { answer: 30_000, connection: 30_000 };

const logger = createLogger(process.env.TEST_LOG_LEVEL ?? 'silent');

export async function createTestDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  if (kind === 'embedded') {
    const image = new Blob([await readFile(CURFEW_TEST_IMAGE!)]);
    return {
      url: null,
      open: () => openDatabase({ url: null, dataDir: '', image, timeoutsMs: TIMEOUT_MS }, logger),
      drop: async () => {},
    };
  }
  const name = `curfew_test_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${name} template ${TEMPLATE}`);
  const url = new URL(CURFEW_TEST_POSTGRES!);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    open: () => openDatabase({ url: url.href, dataDir: '', timeoutsMs: TIMEOUT_MS }, logger),
    drop: () => onServer(`drop database if exists ${name} with (force)`),
  };
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: CURFEW_TEST_POSTGRES });
  await client.connect();
  try {
    // Another worker may be copying the template at the moment.
    for (let attempt = 1; ; attempt += 1) {
      try {
        await client.query(statement);
        return;
      } catch (error) {
        if (attempt === 20 || (error as { code?: string }).code !== '55006') throw error;
        await new Promise((done) => setTimeout(done, 50 * attempt));
      }
    }
  } finally {
    await client.end();
  }
}
