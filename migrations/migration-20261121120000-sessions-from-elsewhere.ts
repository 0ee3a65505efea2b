import { Migration } from '@mikro-orm/migrations';

const INSTANT = 'timestamptz(3)';

/** Service keys, sessions that other applications open, identities at providers, and tokens from before Curfew. */
export class SessionsFromElsewhereMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `alter table accounts add column external_id text unique check (length(external_id) between 1 and 200)`,
    );
    this.addSql(
      `alter table users add column external_id text check (length(external_id) between 1 and 200)`,
    );
    this.addSql(
      `create unique index users_external_id on users (account_id, external_id) where external_id is not null`,
    );
    this.addSql(`
      create table service_keys (
        id uuid primary key,
        account_id uuid references accounts,
        name text not null,
        key_hash bytea not null unique,
        created_at ${INSTANT} not null,
        expires_at ${INSTANT},
        revoked_at ${INSTANT},
        last_used_at ${INSTANT}
      )`);

    // A user at a provider is (issuer, subject), and nothing else (OpenID Connect Core 1.0, section 5.7).
    this.addSql(`
      create table user_identities (
        issuer text not null,
        subject text not null,
        user_id uuid not null references users,
        created_at ${INSTANT} not null,
        primary key (issuer, subject)
      )`);
    this.addSql(`create index user_identities_user on user_identities (user_id)`);
    // A sign-in that has begun is kept by the browser; this only remembers, until it would be too old anyway, that
    // it was completed.
    this.addSql(`
      create table used_oauth_flows (
        flow_hash bytea primary key,
        expires_at ${INSTANT} not null
      )`);
    this.addSql(`create index used_oauth_flows_expiry on used_oauth_flows (expires_at)`);

    // token_hash: SHA-256 of a service session's token. imported_subject: the sub of an imported session's token,
    // where that is not the user's id here.
    this.addSql(`alter table sessions add column token_hash bytea, add column imported_subject text`);
    this.addSql(
      `create unique index sessions_token_hash on sessions (token_hash) where token_hash is not null`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop index sessions_token_hash`);
    this.addSql(`alter table sessions drop column token_hash, drop column imported_subject`);
    this.addSql(`drop table used_oauth_flows`);
    this.addSql(`drop table user_identities`);
    this.addSql(`drop table service_keys`);
    this.addSql(`drop index users_external_id`);
    this.addSql(`alter table users drop column external_id`);
    this.addSql(`alter table accounts drop column external_id`);
  }
}
