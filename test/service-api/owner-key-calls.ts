import type { SignedIn } from '../seed.ts';

// Calls by which owners manage the service keys of their account.

const KEY = `id name scope createdAt createdBy { id name } expiresAt lastUsedAt revokedAt isActive sessionCount`;

export const CREATE_KEY = `mutation ($input: CreateServiceKeyInput!) { createServiceKey(input: $input) { key serviceKey { ${KEY} } } }`;
export const REVOKE_KEY = `mutation ($keyId: ID!) { revokeServiceKey(keyId: $keyId) { ${KEY} } }`;
export const LIST_KEYS = `query ($first: Int, $after: String) { serviceKeys(first: $first, after: $after) {
  totalCount edges { cursor node { ${KEY} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

/** Creates a key. A refusal fails the test with its text. */
export async function createKey(
  owner: SignedIn,
  input: { name: string; expiresInDays?: number | null; scope?: 'SSF' },
): Promise<{ key: string; serviceKey: any }> {
  const { data, errors } = await owner.gql(CREATE_KEY, { input });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.createServiceKey;
}

/** The keys of one page, newest first. */
export async function listKeys(owner: SignedIn, page: Record<string, unknown> = {}): Promise<any[]> {
  const { data, errors } = await owner.gql(LIST_KEYS, page);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.serviceKeys.edges.map(({ node }: any) => node);
}
