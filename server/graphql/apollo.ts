import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { badInput } from '../errors.ts';
import type { GraphQLContext } from './context.ts';
import { limitRules, PARSE_LIMITS } from './limits.ts';

/** Apollo Server for operations over HTTP. Introspection is open: the schema is public. */
export async function startApollo(
  schema: GraphQLSchema,
  formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError,
): Promise<ApolloServer<GraphQLContext>> {
  const apollo = new ApolloServer<GraphQLContext>({
    schema,
    formatError,
    introspection: true,
    validationRules: limitRules,
    parseOptions: PARSE_LIMITS,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    // The process closes it after the sockets and before the database; see app.ts.
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    // Without it no resolver is wrapped; nothing here may be cached.
    plugins: [refuseSubscriptions, ApolloServerPluginCacheControlDisabled()],
  });
  await apollo.start();
  return apollo;
}

/** Apollo Server would execute one like a query, and its resolvers are made for events. */
const refuseSubscriptions: ApolloServerPlugin<GraphQLContext> = {
  requestDidStart: async () => ({
    async didResolveOperation({ operation }) {
      // Absent where the document has no operation of the name that was asked for: Apollo Server says so next.
      if (operation?.operation !== 'subscription') return;
      const refusal = badInput('query', 'Subscriptions go over the WebSocket, not over HTTP.');
      throw new GraphQLError(refusal.message, {
        originalError: refusal,
        extensions: { http: { status: 400 } },
      });
    },
  }),
};
