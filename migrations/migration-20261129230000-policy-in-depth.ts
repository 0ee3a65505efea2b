import { Migration } from '@mikro-orm/migrations';

/**
 * Rules and the maximum of sessions of a policy, and what authenticating again needs (docs/decisions/055 and 056). Only
 * adds: nodes of the version before go on, and know no rules.
 */
export class PolicyInDepthMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`
      alter table accounts
        add column policy_rules jsonb not null default '[]',
        add column max_sessions_per_user integer check (max_sessions_per_user between 1 and 100),
        add column session_limit_action text`);
    this.addSql(`alter table policy_applications add column limits jsonb`);
    this.addSql(`
      alter table sessions
        add column is_persistent boolean not null default true,
        add column is_new_device boolean not null default false,
        add column ends_by timestamptz(3),
        add column reauthenticated_generation integer`);
    this.addSql(SESSION_KIND);
    this.addSql(
      `create or replace view effective_sessions as ${effectiveSessions(POLICY_WITH_RULES, NEW_COLUMNS)}`,
    );
    this.addSql(liveSessions(WITH_RULES));
  }

  override async down(): Promise<void> {
    this.addSql(liveSessions(WITHOUT_RULES));
    // A view cannot lose columns, and another one reads from it.
    this.addSql(`drop view sessions_as_they_stand`);
    this.addSql(`drop view effective_sessions`);
    this.addSql(`create view effective_sessions as ${effectiveSessions(POLICY_WITHOUT_RULES, '')}`);
    this.addSql(SESSIONS_AS_THEY_STAND);
    this.addSql(`drop function session_kind`);
    this.addSql(`
      alter table sessions drop column is_persistent, drop column is_new_device, drop column ends_by,
        drop column reauthenticated_generation`);
    this.addSql(`alter table policy_applications drop column limits`);
    this.addSql(`
      alter table accounts drop column policy_rules, drop column max_sessions_per_user, drop column session_limit_action`);
  }
}

/**
 * What the rules of a policy go by, as "OWNER CONTROL_PANEL". A function with a low cost, called only where a policy has
 * rules: with the same subquery in its place, the planner expects a look-up for each session of a list that nearly always
 * needs none, and compiles the statement for half a second.
 */
const SESSION_KIND = `
  create function session_kind(user_id uuid, app_type text) returns text language sql stable parallel safe cost 1 as $$
    select u.role || ' ' || session_kind.app_type from users u where u.id = session_kind.user_id
  $$`;

const NEW_COLUMNS = `, s.is_persistent, s.ends_by, s.reauthenticated_generation`;

/**
 * A pending policy with its limits for `s`, as the columns of `p`. `limits` has the limits in seconds for each kind of
 * session, as [idle, absolute]; null: one pair for all. `offset 0` keeps the planner from repeating the expression wherever
 * a limit is used.
 */
const POLICY_WITH_RULES = `(
    select p.account_id, p.epoch, p.applied_at,
      coalesce((l.pair ->> 0)::int, p.idle_seconds) as idle_seconds,
      coalesce((l.pair ->> 1)::int, p.absolute_seconds) as absolute_seconds
    from policy_applications p
    cross join lateral (
      select case when p.limits is not null then p.limits -> session_kind(s.user_id, s.app_type) end as pair
      offset 0) l
    where p.account_id = s.account_id and p.epoch > s.revocation_epoch)`;
const POLICY_WITHOUT_RULES = 'policy_applications';

/** The limits of `p` for `s`, as SQL. */
interface Limits {
  idle: string;
  absolute: string;
}

const absoluteAt = ({ absolute }: Limits): string =>
  `least(s.absolute_expires_at, s.authenticated_at + ${absolute} * interval '1 second')`;
const idleAt = (limits: Limits): string =>
  `least(s.idle_expires_at, s.last_activity_at + ${limits.idle} * interval '1 second', ${absoluteAt(limits)})`;

const WITHOUT_RULES: Limits = { idle: 'p.idle_seconds', absolute: 'p.absolute_seconds' };
const ABSOLUTE_AT = absoluteAt(WITHOUT_RULES);
const IDLE_AT = idleAt(WITHOUT_RULES);

/** Written out where a list reads very many sessions: a subquery with `offset 0` would run for each of them. */
const limitByRule = (column: string, index: number): string =>
  `(case when p.limits is null then p.${column}
          else coalesce((p.limits -> session_kind(s.user_id, s.app_type) ->> ${index})::int, p.${column}) end)`;
const WITH_RULES: Limits = {
  idle: limitByRule('idle_seconds', 0),
  absolute: limitByRule('absolute_seconds', 1),
};

const REVOKES = `r.account_id = s.account_id and r.epoch > s.revocation_epoch and r.except_user_id is distinct from s.user_id
      and r.ended_at < s.idle_expires_at and r.ended_at < s.absolute_expires_at`;

/** As in migration-20261129120000-policy-applications.ts, with the limits of the rule of each session. */
const effectiveSessions = (policies: string, moreColumns: string): string => `
  select s.id, s.account_id, s.user_id, s.app_type, s.authenticated_at, s.last_activity_at,
    case when s.idle_seconds is null or not c.is_applied then s.idle_seconds else least(s.idle_seconds, p.idle_seconds) end as idle_seconds,
    case when s.absolute_seconds is null or not c.is_applied then s.absolute_seconds
      else least(s.absolute_seconds, p.absolute_seconds) end as absolute_seconds,
    case when c.is_applied and not p.is_past then p.idle_at else s.idle_expires_at end as idle_expires_at,
    case when c.is_applied and not p.is_past then p.absolute_at else s.absolute_expires_at end as absolute_expires_at,
    s.generation, s.rotated_at, s.token_expires_at, s.token_idle_seconds,
    s.token_absolute_seconds, s.token_secret, s.refresh_request_hash, s.is_imported, s.ip_address, s.user_agent,
    coalesce(s.ended_at, r.ended_at, case when p.is_past then p.applied_at end) as ended_at,
    coalesce(s.end_reason, r.end_reason, case when p.is_past then 'POLICY_CHANGED' end) as end_reason,
    s.next_check_at, s.token_hash, s.imported_subject, s.revocation_epoch, s.ended_at is not null as is_end_stored,
    s.recent_rotations, p.epoch as policy_epoch${moreColumns}
  from sessions s
  left join lateral (
    select p.epoch, p.applied_at, p.idle_seconds, p.absolute_seconds, ${IDLE_AT} as idle_at, ${ABSOLUTE_AT} as absolute_at,
      ${IDLE_AT} <= p.applied_at as is_past
    from ${policies} p
    where s.ended_at is null and p.account_id = s.account_id and p.epoch > s.revocation_epoch
      and p.applied_at < s.idle_expires_at and p.applied_at < s.absolute_expires_at) p on true
  left join lateral (
    select r.epoch, r.ended_at, r.end_reason from account_revocations r
    where s.ended_at is null and ${REVOKES} and (p.epoch is null or r.epoch < p.epoch or r.ended_at < p.idle_at)
    order by r.epoch limit 1) r on true
  cross join lateral (
    select p.epoch is not null and (r.epoch is null or r.epoch > p.epoch) as is_applied) c`;

/** The rows carry the stored deadlines, as before. */
const liveSessions = (limits: Limits): string => `
  create or replace function live_sessions(moment timestamptz) returns setof sessions language sql stable parallel safe as $$
    select s.* from sessions s
    where session_is_live(s, moment) and not exists (select from account_revocations r where ${REVOKES})
      and not exists (
        select from policy_applications p
        where p.account_id = s.account_id and p.epoch > s.revocation_epoch and ${idleAt(limits)} <= moment)
  $$`;

/** As in migration-20261129160000-nodes-of-version-0-1.ts. */
const SESSIONS_AS_THEY_STAND = `
  create view sessions_as_they_stand as
    select id, account_id, user_id, app_type, authenticated_at, last_activity_at, idle_seconds, absolute_seconds,
      idle_expires_at::timestamptz(3), absolute_expires_at::timestamptz(3), generation, rotated_at, token_expires_at,
      token_idle_seconds, token_absolute_seconds, token_secret, refresh_request_hash, is_imported, ip_address, user_agent,
      ended_at::timestamptz(3), end_reason, next_check_at, token_hash, imported_subject, revocation_epoch as born_after, is_end_stored as is_marked, recent_rotations
    from effective_sessions`;
