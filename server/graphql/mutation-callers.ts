import type { GraphQLFieldResolver } from 'graphql';
import type { Resolvers } from '../generated/schema.ts';
import type { GraphQLContext } from './context.ts';

/** Mutations that ignore the caller's token, or accept one that is no longer valid. They never act for that caller. */
const OPEN: ReadonlySet<string> = new Set([
  'login',
  'requestPasswordReset',
  'openPasswordLink',
  'setPassword',
  'startOAuthLogin',
  'completeOAuthLogin',
  'refreshSession',
  'logout',
] satisfies (keyof NonNullable<Resolvers['Mutation']>)[]);

type Resolver = GraphQLFieldResolver<unknown, GraphQLContext>;
/** By the name of the field. */
export type MutationResolvers = Record<string, Resolver>;

/**
 * Identifies the caller again before every field of a mutation except the first, whose caller was just identified. An
 * earlier field or another request may have ended the session or revoked the key; the field then answers
 * UNAUTHENTICATED, regardless of its arguments. Each write checks the caller once more in its own transaction.
 */
export function identifyForEveryField(mutations: MutationResolvers): MutationResolvers {
  const started = new WeakSet<GraphQLContext>();
  const identified =
    (name: string, resolve: Resolver): Resolver =>
    async (source, args, context, info) => {
      // Fields of a mutation run in sequence, so no other field reads the caller while it changes.
      if (started.has(context) && !OPEN.has(name)) context.caller = await context.identify();
      started.add(context);
      return resolve(source, args, context, info);
    };
  return Object.fromEntries(
    Object.entries(mutations).map(([name, resolve]) => [name, identified(name, resolve)]),
  );
}
