import { ApolloServer, HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { badInput } from '../errors.ts';
import type { GraphQLContext } from './context.ts';
import { limitRules, PARSE_LIMITS, VALIDATION_LIMITS } from './document-limits.ts';
import type { ErrorFormatter } from './errors.ts';
import { createOperationCheck } from './operation-check.ts';
import { createTurns } from './turns.ts';

/** Apollo Server for operations over HTTP. Introspection is open: the schema is public. */
export async function startApollo(
  schema: GraphQLSchema,
  formatError: ErrorFormatter,
  plugins: readonly ApolloServerPlugin<GraphQLContext>[],
): Promise<ApolloServer<GraphQLContext>> {
  const apollo = new ApolloServer<GraphQLContext>({
    schema,
    formatError,
    introspection: true,
    validationRules: limitRules,
    validationOptions: VALIDATION_LIMITS,
    parseOptions: PARSE_LIMITS,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    // app.ts stops it after the sockets and before the database.
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    // Nothing may be cached, and cache control would wrap every resolver.
    plugins: [
      ...plugins,
      refuseSubscriptions,
      refuseBadOperations(schema, formatError),
      ApolloServerPluginCacheControlDisabled(),
    ],
  });
  await apollo.start();
  return apollo;
}

/** Apollo Server would execute a subscription like a query, but its resolvers expect events. */
const refuseSubscriptions: ApolloServerPlugin<GraphQLContext> = {
  requestDidStart: async () => ({
    async didResolveOperation({ operation }) {
      // Undefined if the document has no operation of the requested name: Apollo Server reports that next.
      if (operation?.operation !== 'subscription') return;
      const refusal = badInput('query', 'Subscriptions go over the WebSocket, not over HTTP.');
      throw new GraphQLError(refusal.message, {
        originalError: refusal,
        extensions: { http: { status: 400 } },
      });
    },
  }),
};

/** Longer documents take milliseconds to parse, to validate, and to check. */
const LONG_DOCUMENT_LENGTH = 4_000;

/**
 * Refuses operations with wrong variables or a response that would be too large, before they are executed. Long
 * documents and large responses are worked on in several turns of the event loop.
 */
function refuseBadOperations(
  schema: GraphQLSchema,
  formatError: ErrorFormatter,
): ApolloServerPlugin<GraphQLContext> {
  const check = createOperationCheck(schema);
  const nextTurn = createTurns();
  return {
    async requestDidStart() {
      let isLong = false;
      let isLarge = false;
      return {
        // Not called for a document that is cached.
        async validationDidStart({ source }) {
          isLong = source.length > LONG_DOCUMENT_LENGTH;
          if (isLong) await nextTurn();
        },
        async responseForOperation({ document, operation, request }) {
          // Undefined if the document has no operation of the requested name: execution reports that.
          if (!operation) return null;
          if (isLong) await nextTurn();
          const checked = check(document, operation, request.variables ?? {});
          if (checked.errors.length === 0) {
            isLarge = checked.isLarge;
            if (isLarge) await nextTurn();
            return null;
          }
          const errors = checked.errors.map((error) => formatError(error.toJSON(), error));
          return {
            http: { status: 400, headers: new HeaderMap() },
            body: { kind: 'single', singleResult: { errors } },
          };
        },
        async willSendResponse() {
          if (isLarge) await nextTurn();
        },
      };
    },
  };
}
