import type { Answer } from '../graphql-client.ts';
import type { TestApp } from '../harness.ts';
import type { SignedIn } from '../seed.ts';
import { waitUntil } from '../wait-until.ts';

const STREAM = `id kind url description eventTypes subjectFormat status statusReason createdAt lastDeliveredAt failingSince
  pendingCount audience`;
const DELIVERY = `id eventType sessionId createdAt status attempts lastAttemptAt lastError nextAttemptAt stream { id }`;
export const CREATE_STREAM = `mutation ($input: CreateEventStreamInput!) {
  createEventStream(input: $input) { secret stream { ${STREAM} } } }`;
export const UPDATE_STREAM = `mutation ($input: UpdateEventStreamInput!) { updateEventStream(input: $input) { ${STREAM} } }`;
export const DELETE_STREAM = `mutation ($streamId: ID!) { deleteEventStream(streamId: $streamId) }`;
export const ROTATE_SECRET = `mutation ($streamId: ID!) { rotateEventStreamSecret(streamId: $streamId) { secret stream { id } } }`;
export const SEND_TEST = `mutation ($streamId: ID!) { sendTestEvent(streamId: $streamId) { ${DELIVERY} } }`;
export const REDELIVER = `mutation ($deliveryId: ID!) { redeliver(deliveryId: $deliveryId) { ${DELIVERY} } }`;
export const REDELIVER_DEAD = `mutation ($streamId: ID!) { redeliverDead(streamId: $streamId) }`;
export const LIST_STREAMS = `{ eventStreams { ${STREAM} } }`;
export const LIST_DELIVERIES = `query ($streamId: ID!, $status: DeliveryStatus, $first: Int, $after: String) {
  eventDeliveries(streamId: $streamId, status: $status, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { ${DELIVERY} } } } }`;

/** Of a node that may send to receivers on this machine. */
export const PRIVATE = { EVENT_ALLOW_PRIVATE_ADDRESSES: 'true' };

export async function createStream(
  owner: SignedIn,
  input: Record<string, unknown>,
): Promise<{ secret: string; stream: any }> {
  const answer = await owner.gql(CREATE_STREAM, { input: { kind: 'WEBHOOK', ...input } });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.createEventStream;
}

export const updateStream = (owner: SignedIn, input: Record<string, unknown>): Promise<Answer> =>
  owner.gql(UPDATE_STREAM, { input });

export const readStream = async (owner: SignedIn, streamId: string): Promise<any> =>
  (await owner.gql(LIST_STREAMS)).data.eventStreams.find(({ id }: any) => id === streamId);

export async function listDeliveries(
  owner: SignedIn,
  streamId: string,
  more: Record<string, unknown> = {},
): Promise<any[]> {
  const { data } = await owner.gql(LIST_DELIVERIES, { streamId, first: 100, ...more });
  return data.eventDeliveries.edges.map(({ node }: any) => node);
}

export async function sendTest(owner: SignedIn, streamId: string): Promise<any> {
  const answer = await owner.gql(SEND_TEST, { streamId });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.sendTestEvent;
}

/** Moves a second at a time until it is so: each second the nodes look into the outbox. */
export const advanceUntil = (
  app: Pick<TestApp, 'clock'>,
  isSo: () => boolean | Promise<boolean>,
  what: string,
): Promise<void> =>
  waitUntil(
    async () => {
      if (await isSo()) return true;
      app.clock.advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return isSo();
    },
    { what, timeoutMs: 30_000 },
  );
