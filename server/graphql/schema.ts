import { makeExecutableSchema } from '@graphql-tools/schema';
import { mergeResolvers } from '@graphql-tools/merge';
import type { GraphQLSchema } from 'graphql';
import { readFileSync } from 'node:fs';
import type { Resolvers } from '../generated/schema.ts';
import { DateTime, JSONObject } from './scalars.ts';

const typeDefs = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');

/** `schema.graphql` with the features' resolvers; a resolver for a field that is not in it stops the start. */
export function createSchema(resolvers: Resolvers[]): GraphQLSchema {
  return makeExecutableSchema({
    typeDefs,
    resolvers: mergeResolvers([...resolvers, { DateTime, JSON: JSONObject }]),
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
  });
}
