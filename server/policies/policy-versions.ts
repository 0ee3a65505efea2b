import type { Database } from '../database/database.ts';
import {
  badCursor,
  MAX_EXACT_COUNT,
  requirePageSize,
  toConnectionOf,
  type Connection,
} from '../pagination.ts';
import type { Viewer } from '../rules/caller.ts';
import { countPolicyVersions, listPolicyVersions, type PolicyVersion } from './policy-versions.sql.ts';

export type PolicyVersionPage = Connection<PolicyVersion>;

/**
 * A page of the versions of the viewer's account, newest first.
 * @throws BAD_USER_INPUT for a page size out of range, or a cursor that the list did not return
 */
export type ListPolicyVersions = (
  viewer: Viewer,
  request: { first: number; after: string | null },
) => Promise<PolicyVersionPage>;

export const createListPolicyVersions =
  ({ database }: { database: Database }): ListPolicyVersions =>
  async ({ accountId }, { first, after }) => {
    const slice = { first: requirePageSize(first), after: after === null ? null : decodeCursor(after) };
    const versions = await database.withTimeout(
      // One more than the page shows that there is a next one.
      listPolicyVersions(database.em(), accountId, slice.after, slice.first + 1),
    );
    return toConnectionOf(
      versions,
      slice,
      ({ version }) => encodeCursor(version),
      () => database.withTimeout(countPolicyVersions(database.em(), accountId, MAX_EXACT_COUNT)),
    );
  };

const encodeCursor = (version: number): string => Buffer.from(`v${version}`).toString('base64url');

function decodeCursor(text: string): number {
  const match = /^v([1-9]\d{0,8})$/.exec(Buffer.from(text, 'base64url').toString());
  const version = match ? Number(match[1]) : 0;
  if (encodeCursor(version) !== text || version === 0) throw badCursor();
  return version;
}
