// The minimum statement of each hot path, written by hand. The limits run these.

/** Reads a session with its user by the hash of its token. */
export const readByToken = (tokenHash: string): string =>
  `select s.*, u.name as user_name, u.role as user_role, u.is_active as user_is_active
  from sessions s join users u on u.id = s.user_id where s.token_hash = ${tokenHash}`;

/** Records activity on the session with that token. */
export const touchByToken = (tokenHash: string, now: string): string =>
  `update sessions s set last_activity_at = ${now},
    idle_expires_at = least(${now} + s.idle_seconds * interval '1 second', s.absolute_expires_at)
  where s.token_hash = ${tokenHash} and s.ended_at is null and s.idle_expires_at > ${now} and s.absolute_expires_at > ${now}`;

/** Rotates a live session's refresh token. `generation` null: of the current generation. */
export function rotate(id: string, generation: string | null, now: string): string {
  const idle = `least(${now} + s.idle_seconds * interval '1 second', s.absolute_expires_at)`;
  return `update sessions s set
    generation = s.generation + 1, rotated_at = ${now}, refresh_request_hash = null,
    last_activity_at = ${now}, idle_expires_at = ${idle}, token_expires_at = ${idle},
    token_idle_seconds = s.idle_seconds, token_absolute_seconds = s.absolute_seconds
  from users u
  where s.id = ${id} ${generation === null ? '' : `and s.generation = ${generation}`} and s.ended_at is null
    and s.idle_expires_at > ${now} and s.absolute_expires_at > ${now} and u.id = s.user_id and u.is_active
  returning s.*, u.name as user_name, u.role as user_role, u.is_active as user_is_active`;
}
