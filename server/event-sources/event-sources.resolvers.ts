import type { Resolvers } from '../generated/schema.ts';
import { requireOwner } from '../rules/caller.ts';
import type { EventSourceView } from './event-source.ts';
import type { OwnerEventSources } from './owner-event-sources.ts';

export function createEventSourceResolvers(dependencies: {
  ownerEventSources: OwnerEventSources;
  listSources: (accountId: string) => Promise<EventSourceView[]>;
  endpointOf: (sourceId: string) => string;
}): Resolvers {
  const { ownerEventSources, listSources, endpointOf } = dependencies;

  return {
    Query: {
      eventSources: (_, __, { caller }) => listSources(requireOwner(caller).accountId),
    },
    Mutation: {
      createEventSource: (_, { input }, { caller, client }) =>
        ownerEventSources.create(requireOwner(caller), input, client.ipAddress),
      deleteEventSource: async (_, { sourceId }, { caller, client }) => {
        await ownerEventSources.remove(requireOwner(caller), sourceId, client.ipAddress);
        return true;
      },
    },
    EventSource: {
      provider: ({ providerId }) => providerId,
      endpointUrl: ({ id }) => endpointOf(id),
    },
  };
}
