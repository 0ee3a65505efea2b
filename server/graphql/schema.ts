import { makeExecutableSchema } from '@graphql-tools/schema';
import { mergeResolvers } from '@graphql-tools/merge';
import type { GraphQLSchema } from 'graphql';
import { readFileSync } from 'node:fs';
import type { Resolvers } from '../generated/schema.ts';
import { completeListsInBatches } from './list-completion.ts';
import { identifyForEveryField, type MutationResolvers } from './mutation-callers.ts';
import { DateTime, JSONObject } from './scalars.ts';
import { guardSessionScope } from './session-scope.ts';

const typeDefs = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');

/** Builds `schema.graphql` with the resolvers of the rooms. Throws for a resolver of a field that is not in it. */
export function createSchema(resolvers: Resolvers[]): GraphQLSchema {
  const merged = mergeResolvers([...resolvers, { DateTime, JSON: JSONObject }]);
  const schema = makeExecutableSchema({
    typeDefs,
    resolvers: { ...merged, Mutation: identifyForEveryField(merged.Mutation as MutationResolvers) },
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
  });
  guardSessionScope(schema);
  return completeListsInBatches(schema);
}
