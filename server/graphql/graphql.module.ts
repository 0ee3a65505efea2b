import type { ApolloServer } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import type { Database } from '../database/database.ts';
import type { Resolvers } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import { startApollo } from './apollo.ts';
import { createLoaders, type GraphQLContext, type Loaders } from './context.ts';
import { createErrorFormatter, type ErrorFormatter } from './errors.ts';
import { createOperationLabels, type LabelOperation } from './operation-label.ts';
import { createOperationReports } from './operation-report.ts';
import { createPace } from './paced-loads.ts';
import { createSchema } from './schema.ts';
import { createSecurityEventsPlugin } from './security-events.ts';

export interface GraphQLModule {
  readonly schema: GraphQLSchema;
  readonly apollo: ApolloServer<GraphQLContext>;
  readonly formatError: ErrorFormatter;
  readonly labelOf: LabelOperation;
  readonly loaders: Loaders;
  stop(): Promise<void>;
}

/** The schema with every room's resolvers, and the server that executes operations against it. */
export async function createGraphQLModule(dependencies: {
  resolvers: Resolvers[];
  database: Database;
  logger: Logger;
  securityLog: SecurityLog;
  metrics: Metrics;
  /** Of the request that the running code belongs to. */
  currentRequestId(): string | undefined;
}): Promise<GraphQLModule> {
  const { resolvers, database, logger, securityLog, metrics, currentRequestId } = dependencies;
  const schema = createSchema(resolvers);
  const formatError = createErrorFormatter(logger, currentRequestId);
  const labelOf = createOperationLabels(schema);
  const apollo = await startApollo(schema, formatError, [
    createSecurityEventsPlugin(securityLog),
    createOperationReports(labelOf, metrics),
  ]);
  return {
    schema,
    apollo,
    formatError,
    labelOf,
    loaders: createLoaders(database, createPace()),
    stop: () => apollo.stop(),
  };
}
