import { Migration } from '@mikro-orm/migrations';
import { effectiveSessions, liveSessions, NEW } from './migration-20261129100000-account-revocations.ts';

/**
 * A policy applied to very many sessions of an account is one row, in effect with its commit, until it has been written
 * into each of them (docs/decisions/037-applying-a-policy-to-many.md). Its epoch counts on with those of the account's
 * revocations.
 */
export class PolicyApplicationsMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`
      create table policy_applications (
        account_id uuid primary key references accounts,
        epoch integer not null,
        applied_at timestamptz(3) not null,
        idle_seconds integer not null,
        absolute_seconds integer not null
      )`);
    this.addSql(`drop view effective_sessions`);
    this.addSql(`create view effective_sessions as ${SESSIONS_UNDER_PENDING_CHANGES}`);
    this.addSql(LIVE_SESSIONS);
  }

  override async down(): Promise<void> {
    this.addSql(`drop view effective_sessions`);
    this.addSql(`create view effective_sessions as ${effectiveSessions(NEW)}`);
    this.addSql(liveSessions(NEW));
    this.addSql(`drop table policy_applications`);
  }
}

const seconds = (column: string): string => `p.${column} * interval '1 second'`;

const ABSOLUTE_AT = `least(s.absolute_expires_at, s.authenticated_at + ${seconds('absolute_seconds')})`;
const IDLE_AT = `least(s.idle_expires_at, s.last_activity_at + ${seconds('idle_seconds')}, ${ABSOLUTE_AT})`;

const REVOKES = `r.account_id = s.account_id and r.epoch > s.revocation_epoch and r.except_user_id is distinct from s.user_id
      and r.ended_at < s.idle_expires_at and r.ended_at < s.absolute_expires_at`;

/**
 * Sessions as readers see them. A pending revocation counts as the end, and a pending policy shortens the deadlines of
 * a session that was live, or ends it. The earlier of two changes comes first, by its epoch.
 */
const SESSIONS_UNDER_PENDING_CHANGES = `
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
    s.recent_rotations, p.epoch as policy_epoch
  from sessions s
  left join lateral (
    select p.epoch, p.applied_at, p.idle_seconds, p.absolute_seconds, ${IDLE_AT} as idle_at, ${ABSOLUTE_AT} as absolute_at,
      ${IDLE_AT} <= p.applied_at as is_past
    from policy_applications p
    where s.ended_at is null and p.account_id = s.account_id and p.epoch > s.revocation_epoch
      and p.applied_at < s.idle_expires_at and p.applied_at < s.absolute_expires_at) p on true
  left join lateral (
    select r.epoch, r.ended_at, r.end_reason from account_revocations r
    where s.ended_at is null and ${REVOKES} and (p.epoch is null or r.epoch < p.epoch or r.ended_at < p.idle_at)
    order by r.epoch limit 1) r on true
  cross join lateral (
    select p.epoch is not null and (r.epoch is null or r.epoch > p.epoch) as is_applied) c`;

/** The rows carry the stored deadlines: \`shortenedDeadlines\` (server/sessions/policy-application.sql.ts) has the others. */
const LIVE_SESSIONS = `
  create or replace function live_sessions(moment timestamptz) returns setof sessions language sql stable parallel safe as $$
    select s.* from sessions s
    where session_is_live(s, moment) and not exists (select from account_revocations r where ${REVOKES})
      and not exists (
        select from policy_applications p
        where p.account_id = s.account_id and p.epoch > s.revocation_epoch and ${IDLE_AT} <= moment)
  $$`;
