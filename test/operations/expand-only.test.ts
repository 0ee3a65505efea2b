import type { Migration } from '@mikro-orm/migrations';
import { migrations } from '../../migrations/index.ts';
import { findBreakingSteps } from './expand-only.ts';

/** The last one before the rule. What version 0.1 missed after it, 20261129160000-nodes-of-version-0-1 gave back. */
const LAST_FREE = '20261129140000-page-of-live-sessions';

/**
 * Steps that remove what no running version uses any more: the migration, the step as the check names it, and since when
 * it is unused. For example what 20261129160000-nodes-of-version-0-1 added, once 0.1 is two versions back.
 */
const CONTRACTS: readonly { migration: string; step: string; unusedSince: string }[] = [];

async function statementsOf(migration: (typeof migrations)[number]): Promise<string[]> {
  const instance = new (migration.class as unknown as new () => Migration)();
  await instance.up();
  return instance.getQueries().map(String);
}

test.each(migrations.filter(({ name }) => name > LAST_FREE))(
  '$name only adds, so that nodes of the version before go on',
  async (migration) => {
    const allowed = CONTRACTS.filter((contract) => contract.migration === migration.name).map(
      ({ step }) => step,
    );
    const steps = findBreakingSteps(await statementsOf(migration));
    expect(steps.filter((step) => !allowed.includes(step))).toEqual([]);
  },
);

test('the migration that renamed columns would not pass', async () => {
  const renaming = migrations.find(({ name }) => name === '20261129100000-account-revocations')!;
  expect((await findBreakingSteps(await statementsOf(renaming))).length).toBeGreaterThan(5);
});

test.each([
  'alter table users drop column name',
  'drop table users',
  'alter table users rename to people',
  'alter table users alter column name type varchar(10)',
  'alter table users alter name set data type text',
  'alter table users alter column name set not null',
  'alter table users add column a text not null',
  'alter table users add column a text default 1, add column b text not null, add column c text',
  'drop view effective_sessions',
  'drop function live_sessions(timestamptz)',
  'truncate users',
])('%s breaks the version before', (statement) => {
  expect(findBreakingSteps([statement])).toHaveLength(1);
});

test.each([
  [['alter table users add column a text not null default 0, add column b text']],
  [['create table t (id int not null, renamed text)', 'create index i on t (id)']],
  [['drop view v', 'create view v as select 1']],
  [['drop index i', 'create unique index i on t (id)']],
  [
    [
      'create or replace function f() returns trigger language plpgsql as $$ begin truncate x; drop table y; end $$',
    ],
  ],
  [[`insert into t values ('drop table t') -- rename`]],
])('%j does not', (statements) => {
  expect(findBreakingSteps(statements)).toEqual([]);
});
