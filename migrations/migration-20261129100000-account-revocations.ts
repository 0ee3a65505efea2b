import { Migration } from '@mikro-orm/migrations';

/**
 * Renames what docs/glossary.md calls an account revocation: one row that ends every session of an account. Nodes of
 * the version before know the old names only: they have to be stopped before this runs (docs/operations.md).
 */
export class AccountRevocationsMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`drop view sessions_as_they_stand`);
    this.addSql(`alter table account_endings rename to account_revocations`);
    this.addSql(`alter table account_revocations rename column number to epoch`);
    this.addSql(`alter index account_endings_pkey rename to account_revocations_pkey`);
    this.addSql(`alter table accounts rename column endings to revocation_epoch`);
    this.addSql(`alter table accounts rename column endings_marked to applied_revocation_epoch`);
    this.addSql(`alter table sessions rename column born_after to revocation_epoch`);
    this.addSql(`create view effective_sessions as ${effectiveSessions(NEW)}`);
    this.addSql(liveSessions(NEW));
  }

  override async down(): Promise<void> {
    this.addSql(`drop view effective_sessions`);
    this.addSql(`alter table sessions rename column revocation_epoch to born_after`);
    this.addSql(`alter table accounts rename column applied_revocation_epoch to endings_marked`);
    this.addSql(`alter table accounts rename column revocation_epoch to endings`);
    this.addSql(`alter index account_revocations_pkey rename to account_endings_pkey`);
    this.addSql(`alter table account_revocations rename column epoch to number`);
    this.addSql(`alter table account_revocations rename to account_endings`);
    this.addSql(`create view sessions_as_they_stand as ${effectiveSessions(OLD)}`);
    this.addSql(liveSessions(OLD));
  }
}

interface Names {
  revocations: string;
  epoch: string;
  sessionEpoch: string;
  isEndStored: string;
}

export const NEW: Names = {
  revocations: 'account_revocations',
  epoch: 'epoch',
  sessionEpoch: 'revocation_epoch',
  isEndStored: 'is_end_stored',
};
const OLD: Names = {
  revocations: 'account_endings',
  epoch: 'number',
  sessionEpoch: 'born_after',
  isEndStored: 'is_marked',
};

/** Writers use the same condition (server/sessions/session-row.ts): PostgreSQL does not inline a scalar function. */
const revokes = ({ epoch, sessionEpoch }: Names): string =>
  `r.account_id = s.account_id and r.${epoch} > s.${sessionEpoch} and r.except_user_id is distinct from s.user_id
      and r.ended_at < s.idle_expires_at and r.ended_at < s.absolute_expires_at`;

/** Sessions as readers see them: a pending account revocation counts as the end. The earliest one wins. */
export const effectiveSessions = (names: Names): string => `
  select s.id, s.account_id, s.user_id, s.app_type, s.authenticated_at, s.last_activity_at, s.idle_seconds, s.absolute_seconds,
    s.idle_expires_at, s.absolute_expires_at, s.generation, s.rotated_at, s.token_expires_at, s.token_idle_seconds,
    s.token_absolute_seconds, s.token_secret, s.refresh_request_hash, s.is_imported, s.ip_address, s.user_agent,
    coalesce(s.ended_at, r.ended_at) as ended_at, coalesce(s.end_reason, r.end_reason) as end_reason,
    s.next_check_at, s.token_hash, s.imported_subject, s.${names.sessionEpoch}, s.ended_at is not null as ${names.isEndStored},
    s.recent_rotations
  from sessions s left join lateral (
    select r.ended_at, r.end_reason from ${names.revocations} r
    where s.ended_at is null and ${revokes(names)}
    order by r.${names.epoch} limit 1) r on true`;

export const liveSessions = (names: Names): string => `
  create or replace function live_sessions(moment timestamptz) returns setof sessions language sql stable parallel safe as $$
    select s.* from sessions s
    where session_is_live(s, moment) and not exists (select from ${names.revocations} r where ${revokes(names)})
  $$`;
