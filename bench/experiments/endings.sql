-- The schema that docs/decisions/018-ending-many-at-once.md weighs: an end of very many sessions is one row here until
-- every session that it ended is marked. A session remembers how many endings its account had had when it was born.
alter table accounts
  add column endings integer not null default 0,
  add column endings_marked integer not null default 0;
alter table sessions add column born_after integer not null default 0;
create table account_endings (
  account_id uuid not null references accounts,
  number integer not null,
  ended_at timestamptz(3) not null,
  end_reason text not null,
  except_user_id uuid references users,
  primary key (account_id, number)
);

create or replace function live_sessions(moment timestamptz) returns setof sessions language sql stable parallel safe as $$
  select s.* from sessions s where session_is_live(s, moment) and not exists (
    select from account_endings e
    where e.account_id = s.account_id and e.number > s.born_after and e.except_user_id is distinct from s.user_id)
$$;

-- What reads see: an end that is not marked yet is an end.
create view sessions_as_they_stand as
  select s.id, s.account_id, s.user_id, s.app_type, s.authenticated_at, s.last_activity_at, s.idle_expires_at, s.absolute_expires_at,
    coalesce(s.ended_at, e.ended_at) as ended_at, coalesce(s.end_reason, e.end_reason) as end_reason
  from sessions s left join lateral (
    select e.ended_at, e.end_reason from account_endings e
    where s.ended_at is null and e.account_id = s.account_id and e.number > s.born_after
      and e.except_user_id is distinct from s.user_id
      and s.idle_expires_at > e.ended_at and s.absolute_expires_at > e.ended_at
    order by e.number limit 1) e on true;

-- What it is compared with: the same facts on the account's own row, for one ending at a time,
alter table accounts
  add column sessions_ended_at timestamptz(3),
  add column sessions_end_reason text,
  add column sessions_ended_except uuid;
-- and one predicate for everything. A function with a sub-select is not inlined.
create function session_is_live_or_ending(s sessions, moment timestamptz) returns boolean language sql stable as $$
  select s.ended_at is null and s.idle_expires_at > moment and s.absolute_expires_at > moment and not exists (
    select from account_endings e
    where e.account_id = s.account_id and e.number > s.born_after and e.except_user_id is distinct from s.user_id)
$$;
