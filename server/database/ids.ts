const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MAX_SESSION_ID_LENGTH = 200;

/** Whether PostgreSQL can store the text unchanged: no NUL, and no half surrogate pair, which would be replaced. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/**
 * Whether the id is a UUID in the form that Curfew writes. Any other id answers like one that does not exist: PostgreSQL
 * would reject a malformed one, and find the row of one in another form, which comparisons with the caller's own id miss.
 */
export const isUuid = (id: string): boolean => UUID.test(id);

/** Whether the id can be a session's: a UUID or, for an imported session, the `jti` of its token, 1 to 200 characters. */
export const isSessionId = (id: string): boolean =>
  id.length >= 1 &&
  id.length <= 2 * MAX_SESSION_ID_LENGTH &&
  [...id].length <= MAX_SESSION_ID_LENGTH &&
  isStorable(id);
