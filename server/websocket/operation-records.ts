import type { GraphQLError } from 'graphql';
import { codeOf } from '../graphql/errors.ts';
import { outcomeOf } from '../graphql/operation-report.ts';
import { idsOf } from '../graphql/security-events.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Connection } from './connections.ts';

/** Records one subscription, once it is set up or refused: in the metrics, and in the log where that is asked for. */
export type RecordSubscription = (
  connection: Connection,
  subscription: { operation: string; startedAt: number; errors?: readonly GraphQLError[] },
) => void;

export const createSubscriptionRecords =
  ({
    metrics,
    requestLog,
  }: {
    metrics: Metrics;
    /** Null: requests are not logged. */
    requestLog: Logger | null;
  }): RecordSubscription =>
  (connection, { operation, startedAt, errors }) => {
    const codes = [...new Set(errors?.map(codeOf))];
    const outcome = outcomeOf(codes);
    const milliseconds = performance.now() - startedAt;
    metrics.graphqlOperation(operation, outcome, milliseconds / 1000);
    requestLog?.info(
      {
        part: 'request',
        requestId: connection.id,
        transport: 'websocket',
        durationMs: Math.round(milliseconds * 10) / 10,
        address: connection.client.ipAddress,
        operation,
        outcome,
        ...(codes.length > 0 && { codes }),
        ...idsOf(connection.caller),
      },
      'subscription',
    );
  };
