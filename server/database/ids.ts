const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SESSION_ID = /^[^\0]{1,200}$/u;

// An id that PostgreSQL would refuse as malformed answers like one that does not exist, and so does one that is written
// otherwise than we wrote it: PostgreSQL would find the row, comparisons with the caller's own id would not.

export const isUuid = (id: string): boolean => UUID.test(id);

/** A session's id is a UUID, or, where it was imported, the `jti` of its token: any text. */
export const isSessionId = (id: string): boolean => SESSION_ID.test(id);
