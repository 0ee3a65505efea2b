import type { Timeouts } from './timeouts.ts';

/** A setting of a session and its value, which need no escaping but that of a text. */
type Setting = readonly [name: string, value: string];

/** The settings that Curfew depends on. Those of the role, the database and the environment do not count. */
export interface SessionSettings {
  /** Calls of `set_config` for all of them, with `isLocal` as an SQL condition: only until the transaction ends. */
  calls(isLocal: string): string[];
  /** One statement without rows that sets them until the transaction ends. */
  readonly forTransaction: string;
  /** In place of `begin`: with the isolation that the code is written for. */
  readonly begin: string;
}

export interface SessionNeeds {
  timeouts: Timeouts;
  /** Holds the tables. */
  schema: string;
  /** PostgreSQL 17 or newer. */
  hasTransactionTimeout: boolean;
}

export function sessionSettingsOf({
  timeouts,
  schema,
  hasTransactionTimeout,
}: SessionNeeds): SessionSettings {
  const settings: Setting[] = [
    // Nothing else: two installations in one database must not see each other.
    ['search_path', `"${schema.replaceAll('"', '""')}"`],
    ['DateStyle', 'ISO, YMD'],
    ['TimeZone', 'UTC'],
    ['IntervalStyle', 'postgres'],
    ['bytea_output', 'hex'],
    ['extra_float_digits', '1'],
    ['standard_conforming_strings', 'on'],
    ['default_transaction_isolation', 'read committed'],
    ['default_transaction_deferrable', 'off'],
    ['lock_timeout', String(timeouts.lockMs)],
    ['statement_timeout', String(timeouts.statementMs)],
    ['idle_in_transaction_session_timeout', String(timeouts.idleInTransactionMs)],
    // A connection waits in the pool, and the one that listens waits for its next ping.
    ['idle_session_timeout', '0'],
    ...(hasTransactionTimeout ? ([['transaction_timeout', '0']] as const) : []),
  ];
  const calls = (isLocal: string): string[] =>
    settings.map(([name, value]) => `set_config('${name}', '${value.replaceAll("'", "''")}', ${isLocal})`);
  const local = calls('true');
  return {
    calls,
    // The condition holds for no row: no value is null.
    forTransaction: `select where (${local.join(' || ')}) is null`,
    begin: `begin isolation level read committed; select ${local.join(', ')}`,
  };
}
