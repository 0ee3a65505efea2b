import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { refuseSessionScope } from '../rules/caller.ts';
import type { GraphQLContext } from './context.ts';

/** The root fields open to a session-scoped token. `serverTime` is public, and clients read deadlines against it. */
const ALLOWED: ReadonlySet<string> = new Set([
  'Query.currentSession',
  'Query.serverTime',
  'Mutation.touchSession',
  'Mutation.logout',
  'Subscription.sessionExpiry',
]);

type Resolver = GraphQLFieldResolver<unknown, GraphQLContext>;

/**
 * Refuses session-scoped tokens at every other root field, including those that need no token: a page that presents one
 * is not signing in. A new field is refused until it is listed here.
 */
export function guardSessionScope(schema: GraphQLSchema): void {
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      if (ALLOWED.has(`${type!.name}.${field.name}`)) continue;
      if (field.subscribe) field.subscribe = guarded(field.subscribe);
      else if (field.resolve) field.resolve = guarded(field.resolve);
    }
  }
}

const guarded =
  (resolve: Resolver): Resolver =>
  (source, args, context, info) => {
    refuseSessionScope(context.caller);
    return resolve(source, args, context, info);
  };
