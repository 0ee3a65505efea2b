import type { Answer } from '../graphql-client.ts';
import type { SignedIn } from '../seed.ts';

const SOURCE = `id issuer audience provider endpointUrl createdAt lastReceivedAt lastError lastUnverifiedError`;

export const LIST_SOURCES = `{ eventSources { ${SOURCE} } }`;
export const CREATE_SOURCE = `mutation Create($input: CreateEventSourceInput!) {
  createEventSource(input: $input) { ${SOURCE} } }`;
export const DELETE_SOURCE = `mutation Delete($sourceId: ID!) { deleteEventSource(sourceId: $sourceId) }`;

/** A source that a test needs. */
export async function createSource(
  owner: Pick<SignedIn, 'gql'>,
  input: { issuer: string; audience: string; provider?: string },
): Promise<any> {
  const { data, errors } = await owner.gql(CREATE_SOURCE, { input });
  if (!data) throw new Error(`No source: ${JSON.stringify(errors)}`);
  return data.createEventSource;
}

export async function readSource(owner: Pick<SignedIn, 'gql'>, id: string): Promise<any> {
  const { data } = await owner.gql(LIST_SOURCES);
  return data.eventSources.find((source: any) => source.id === id);
}

export const deleteSource = (owner: Pick<SignedIn, 'gql'>, sourceId: string): Promise<Answer> =>
  owner.gql(DELETE_SOURCE, { sourceId });
