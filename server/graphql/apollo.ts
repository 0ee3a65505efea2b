import { ApolloServer } from '@apollo/server';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
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
  });
  await apollo.start();
  return apollo;
}
