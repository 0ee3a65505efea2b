import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database with a role of its own, which is no superuser, on the PostgreSQL of the tests. */
export interface ScratchDatabase {
  readonly name: string;
  readonly role: string;
  /** Connects as the role. */
  readonly url: string;
  /** The server's address, without a database. */
  readonly server: URL;
  /** Runs statements as the superuser, in this database. Returns the rows of the last one. */
  run<Row extends pg.QueryResultRow>(...statements: string[]): Promise<Row[]>;
  drop(): Promise<void>;
}

export const PASSWORD = 'scratch';

/**
 * Creates both; their names are new for each test. `options`: of `create database`, such as its encoding; then its
 * template is `template0`.
 */
export async function createScratchDatabase(
  options = '',
  serverUrl = process.env.CURFEW_TEST_POSTGRES!,
): Promise<ScratchDatabase> {
  const server = new URL(serverUrl);
  const name = `curfew_scratch_${randomBytes(5).toString('hex')}`;
  const role = `${name}_role`;
  const inDatabase = new URL(server);
  inDatabase.pathname = `/${name}`;
  await runOn(server.href, [
    `create role ${role} login password '${PASSWORD}'`,
    `create database ${name} ${options && `template template0 ${options}`}`,
  ]);
  const url = new URL(inDatabase);
  url.username = role;
  url.password = PASSWORD;
  return {
    name,
    role,
    url: url.href,
    server,
    run: (...statements) => runOn(inDatabase.href, statements),
    drop: async () =>
      void (await runOn(server.href, [
        `drop database if exists ${name} with (force)`,
        `drop role if exists ${role}`,
      ])),
  };
}

async function runOn<Row extends pg.QueryResultRow>(url: string, statements: string[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Row[] = [];
    for (const statement of statements) ({ rows } = await client.query<Row>(statement));
    return rows;
  } finally {
    await client.end();
  }
}

/** Returns `url` with further parameters. */
export function withParameters(url: string, parameters: Record<string, string>): string {
  const changed = new URL(url);
  for (const [name, value] of Object.entries(parameters)) changed.searchParams.set(name, value);
  // libpq takes a plus for a plus.
  return changed.href.replaceAll('+', '%20');
}
