import { Migration } from '@mikro-orm/migrations';

/**
 * Every version of an account's session policy, for as long as the account is there (docs/decisions/058). Only adds. Nodes
 * of the version before save policies and know nothing of the table: a trigger adds what they leave out.
 */
export class PolicyVersionsMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(LOCK_TABLES);
    this.addSql(`
      create table session_policy_versions (
        account_id uuid not null references accounts,
        version integer not null check (version >= 1),
        created_at timestamptz(3) not null,
        created_by_id uuid,
        idle_minutes integer,
        absolute_minutes integer,
        effective_idle_minutes integer,
        effective_absolute_minutes integer,
        policy_rules jsonb not null default '[]',
        max_sessions_per_user integer,
        session_limit_action text,
        apply text not null,
        ended_sessions integer not null default 0,
        shortened_sessions integer not null default 0,
        restored_from integer,
        primary key (account_id, version)
      )`);
    this.addSql(KEEP_POLICY_VERSION);
    // Deferred: by the commit the audit row of the change is there, in whatever order a node writes the two. Saves that were
    // under way are over, so the statements below find every version of before.
    this.addSql(`
      create constraint trigger accounts_keep_policy_version after update of policy_version on accounts
      deferrable initially deferred for each row when (new.policy_version > old.policy_version)
      execute function keep_policy_version()`);
    this.addSql(VERSIONS_OF_THE_TRAIL);
    this.addSql(VERSIONS_WITHOUT_TRAIL);
  }

  override async down(): Promise<void> {
    this.addSql(`drop trigger accounts_keep_policy_version on accounts`);
    this.addSql(`drop function keep_policy_version`);
    this.addSql(`drop table session_policy_versions`);
  }
}

/**
 * Locks what this migration and those that came with it change, every table or none. One after the other, with sign-ins under
 * way, would be a deadlock: those write users, then sessions. An attempt ends long before PostgreSQL looks for deadlocks
 * (`deadlock_timeout`, a second), and after it requests go on for a moment.
 */
const LOCK_TABLES = `
  do $$
  declare
    timeout_before text := current_setting('lock_timeout');
    give_up_at timestamptz := clock_timestamp() + interval '4 seconds';
  begin
    perform set_config('lock_timeout', '100', true);
    loop
      begin
        lock table accounts in share row exclusive mode;
        lock table users, service_keys in access exclusive mode;
        lock table sessions, audit_events in share row exclusive mode;
        exit;
      exception when lock_not_available then
        if clock_timestamp() > give_up_at then
          raise;
        end if;
      end;
      perform pg_sleep(0.1);
    end loop;
    perform set_config('lock_timeout', timeout_before, true);
  end $$`;

const COLUMNS = `account_id, version, created_at, created_by_id, idle_minutes, absolute_minutes, effective_idle_minutes,
  effective_absolute_minutes, policy_rules, max_sessions_per_user, session_limit_action, apply, ended_sessions, shortened_sessions`;

/** What only the audit row `e` of a version says. Rows from before `apply` was recorded count as for new sessions. */
const FROM_DETAILS = {
  effective: `(e.details #>> '{effective_new,idle_minutes}')::integer, (e.details #>> '{effective_new,absolute_minutes}')::integer`,
  effects: `case e.details ->> 'apply' when 'active_sessions' then 'ACTIVE_SESSIONS' else 'NEXT_LOGIN' end,
    coalesce((e.details ->> 'ended_count')::integer, 0), coalesce((e.details ->> 'shortened_count')::integer, 0)`,
};

/** Adds the version that a node of the version before has saved, from its account and its audit row. */
const KEEP_POLICY_VERSION = `
  create function keep_policy_version() returns trigger language plpgsql as $$
  begin
    insert into session_policy_versions (${COLUMNS})
    select new.id, new.policy_version, coalesce(new.policy_updated_at, now()), new.policy_updated_by_id, new.idle_minutes,
      new.absolute_minutes, ${FROM_DETAILS.effective}, new.policy_rules, new.max_sessions_per_user,
      new.session_limit_action, ${FROM_DETAILS.effects}
    from (values (1)) one
    left join lateral (
      select a.details from audit_events a
      where a.account_id = new.id and a.action = 'account.session_policy_update' and a.created_at = new.policy_updated_at
      limit 1) e on true
    on conflict (account_id, version) do nothing;
    return null;
  end
  $$`;

/** Settings that are in the details of a change only where that change made them different. */
const SETTINGS = ['rules', 'max_sessions_per_user', 'session_limit_action'];

const ofSettings = (write: (name: string) => string): string => SETTINGS.map(write).join(', ');

/**
 * Such a setting in the version `c`: what the last change up to it set, else what the first one after it replaced. Both are
 * first in a group that the counts have made: read once, where a look-up for each version would read the trail each time.
 */
const settingOf = (name: string): string => `coalesce(
  first_value(new_${name}) over (partition by account_id, set_${name} order by created_at, id),
  first_value(old_${name}) over (partition by account_id, replaced_${name} order by created_at desc, id desc)) as ${name}`;

const TRAIL = `
  trail as (
    select t.account_id, t.created_at, t.id, ${ofSettings(
      (name) =>
        `t.details -> 'new' -> '${name}' as new_${name}, t.details -> 'old' -> '${name}' as old_${name}`,
    )}
    from audit_events t
    where t.action = 'account.session_policy_update'
      and t.account_id in (select a.id from accounts a where a.policy_version >= 1)),
  counted as (
    select *, (row_number() over backward - 1)::integer as later, ${ofSettings(
      (name) =>
        `count(new_${name}) over forward as set_${name}, count(old_${name}) over backward as replaced_${name}`,
    )}
    from trail
    window forward as (partition by account_id order by created_at, id),
      backward as (partition by account_id order by created_at desc, id desc)),
  settings as (select id, later, ${ofSettings(settingOf)} from counted c)`;

/** The names that details have are not those of the account's column. */
const RULES_OF_DETAILS = `(
  select coalesce(jsonb_agg(jsonb_build_object('role', r.rule -> 'role', 'appType', r.rule -> 'app_type',
    'idleMinutes', r.rule -> 'idle_minutes', 'absoluteMinutes', r.rule -> 'absolute_minutes') order by r.place), '[]')
  from jsonb_array_elements(s.rules) with ordinality r (rule, place))`;

/** The trail has one row for each version. Counted from the latest, since the first ones may be past their retention. */
const VERSIONS_OF_THE_TRAIL = `
  with ${TRAIL}
  insert into session_policy_versions (${COLUMNS})
  select a.id, a.policy_version - s.later, e.created_at, e.actor_id,
    (e.details #>> '{new,idle_minutes}')::integer, (e.details #>> '{new,absolute_minutes}')::integer,
    ${FROM_DETAILS.effective},
    case when s.rules is null then a.policy_rules else ${RULES_OF_DETAILS} end,
    case when s.max_sessions_per_user is null then a.max_sessions_per_user
      else (s.max_sessions_per_user #>> '{}')::integer end,
    case when s.session_limit_action is null then a.session_limit_action else s.session_limit_action #>> '{}' end,
    ${FROM_DETAILS.effects}
  from settings s
  join audit_events e on e.id = s.id
  join accounts a on a.id = e.account_id
  where a.policy_version - s.later >= 1
  on conflict (account_id, version) do nothing`;

/** The present version of an account whose trail is past its retention. */
const VERSIONS_WITHOUT_TRAIL = `
  insert into session_policy_versions (account_id, version, created_at, created_by_id, idle_minutes, absolute_minutes,
    policy_rules, max_sessions_per_user, session_limit_action, apply)
  select a.id, a.policy_version, a.policy_updated_at, a.policy_updated_by_id, a.idle_minutes, a.absolute_minutes,
    a.policy_rules, a.max_sessions_per_user, a.session_limit_action, 'NEXT_LOGIN'
  from accounts a where a.policy_version >= 1 and a.policy_updated_at is not null
  on conflict (account_id, version) do nothing`;
