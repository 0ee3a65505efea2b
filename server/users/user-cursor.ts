import { isUuid } from '../database/ids.ts';
import { badCursor } from '../pagination.ts';

/** A page of users begins after this name, as the list orders by it, and this id. */
export interface UserCursor {
  name: string;
  id: string;
}

const MAX_LENGTH = 2_000;

/** Not the id alone: a user who is renamed or deleted between two pages moves no one else. */
export const encodeUserCursor = ({ name, id }: UserCursor): string =>
  Buffer.from(JSON.stringify([name, id])).toString('base64url');

/** @throws BAD_USER_INPUT for a cursor that the list did not return */
export function decodeUserCursor(text: string): UserCursor {
  const cursor = text.length <= MAX_LENGTH ? read(Buffer.from(text, 'base64url').toString()) : null;
  if (cursor === null || cursor.name.includes('\0') || !isUuid(cursor.id)) throw badCursor();
  if (encodeUserCursor(cursor) !== text) throw badCursor();
  return cursor;
}

function read(json: string): UserCursor | null {
  try {
    const value: unknown = JSON.parse(json);
    if (!Array.isArray(value) || value.length !== 2) return null;
    const [name, id] = value as unknown[];
    return typeof name === 'string' && typeof id === 'string' ? { name, id } : null;
  } catch {
    return null;
  }
}
