import { isUuid } from '../database/ids.ts';
import type { Resolvers } from '../generated/schema.ts';
import { toSlice } from '../pagination.ts';
import { requireOwner } from '../rules/caller.ts';
import type { EventStreamView } from './event-stream.ts';
import { eventTypesOf } from './event-types.ts';
import type { OwnerDeliveries } from './owner-deliveries.ts';
import type { OwnerEventStreams } from './owner-event-streams.ts';
import { eventUriOf } from './set-events.ts';
import { isSsf } from './stream-status.ts';

export function createEventStreamResolvers(dependencies: {
  ownerEventStreams: OwnerEventStreams;
  ownerDeliveries: OwnerDeliveries;
  listStreams: (accountId: string) => Promise<EventStreamView[]>;
  findStream: (id: string) => Promise<EventStreamView | null>;
  countPending: (streamId: string) => Promise<number>;
}): Resolvers {
  const { ownerEventStreams, ownerDeliveries, listStreams, findStream, countPending } = dependencies;

  return {
    Query: {
      eventStreams: (_, __, { caller }) => listStreams(requireOwner(caller).accountId),
      eventDeliveries: (_, { streamId, status, first, after }, { caller }) =>
        ownerDeliveries.list(
          requireOwner(caller),
          { streamId, status: status ?? null },
          toSlice(first ?? 50, after, isUuid),
        ),
    },
    Mutation: {
      createEventStream: (_, { input }, { caller, client }) =>
        ownerEventStreams.create(requireOwner(caller), input, client.ipAddress),
      updateEventStream: (_, { input }, { caller, client }) =>
        ownerEventStreams.update(requireOwner(caller), input, client.ipAddress),
      deleteEventStream: async (_, { streamId }, { caller, client }) => {
        await ownerEventStreams.remove(requireOwner(caller), streamId, client.ipAddress);
        return true;
      },
      rotateEventStreamSecret: (_, { streamId }, { caller, client }) =>
        ownerEventStreams.rotateSecret(requireOwner(caller), streamId, client.ipAddress),
      sendTestEvent: (_, { streamId }, { caller }) =>
        ownerDeliveries.sendTest(requireOwner(caller), streamId),
      redeliver: (_, { deliveryId }, { caller }) =>
        ownerDeliveries.redeliver(requireOwner(caller), deliveryId),
      redeliverDead: (_, { streamId }, { caller }) =>
        ownerDeliveries.redeliverDead(requireOwner(caller), streamId),
    },
    EventStream: {
      eventTypes: ({ kind, eventTypes }) => [...(eventTypes ?? eventTypesOf(kind))],
      pendingCount: ({ id }) => countPending(id),
    },
    EventDelivery: {
      stream: async ({ streamId }) => (await findStream(streamId))!,
      // As the stream lists its types.
      async eventType({ streamId, eventType }) {
        const stream = await findStream(streamId);
        return (stream && isSsf(stream.kind) ? eventUriOf(eventType) : null) ?? eventType;
      },
    },
  };
}
