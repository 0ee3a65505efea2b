-- The alternative of docs/decisions/018-ending-many-at-once.md: account revocations on the account's row, one at a time,
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
