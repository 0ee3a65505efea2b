import type { Answer } from '../graphql-client.ts';
import type { SignedIn } from '../seed.ts';
import { nodesOf, readPage } from './lists.ts';

// Calls that the tests of versions and of what is made from them share.

export const VERSIONS = `query Versions($first: Int, $after: String) { sessionPolicyVersions(first: $first, after: $after) {
  totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  edges { cursor node { version createdAt createdBy { id name } idleMinutes absoluteMinutes effectiveIdleMinutes
    effectiveAbsoluteMinutes rules { role appType idleMinutes absoluteMinutes } maxSessionsPerUser sessionLimitAction
    apply endedSessions shortenedSessions restoredFrom } } } }`;

export const RESTORE_POLICY = `mutation Restore($version: Int!, $apply: PolicyApplication, $expectedVersion: Int) {
  restoreSessionPolicy(version: $version, apply: $apply, expectedVersion: $expectedVersion) {
    endedSessions shortenedSessions sessionPolicy { version idleMinutes absoluteMinutes
      rules { role appType idleMinutes absoluteMinutes } maxSessionsPerUser sessionLimitAction } } }`;

/** The first hundred versions, newest first. */
export const readVersions = async (who: SignedIn): Promise<any[]> =>
  nodesOf(await readPage(who, VERSIONS, { first: 100 }));

export const restore = (who: SignedIn, variables: Record<string, unknown>): Promise<Answer> =>
  who.gql(RESTORE_POLICY, variables);
