import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import type { Metrics, OperationOutcome } from '../metrics/metrics.ts';
import type { GraphQLContext } from './context.ts';
import type { LabelOperation } from './operation-label.ts';

/** What was executed, for the request's line in the log and its trace. No text that a caller chose. */
export interface OperationReport {
  /** A root field of the schema, or `other`. */
  operation: string;
  type: 'query' | 'mutation' | 'subscription' | null;
  outcome: OperationOutcome;
  /** The codes of its errors, each once. */
  codes: readonly string[];
}

/** Measures each operation over HTTP, from its document to its response, and hands on what came of it. */
export function createOperationReports(
  labelOf: LabelOperation,
  metrics: Metrics,
): ApolloServerPlugin<GraphQLContext> {
  return {
    async requestDidStart() {
      const startedAt = performance.now();
      return {
        async willSendResponse({ document, operation, response: { body }, contextValue }) {
          const codes = codesOf(body.kind === 'single' ? body.singleResult.errors : undefined);
          const report = {
            operation: labelOf(document, operation),
            type: operation?.operation ?? null,
            outcome: outcomeOf(codes),
            codes,
          };
          metrics.graphqlOperation(report.operation, report.outcome, (performance.now() - startedAt) / 1000);
          contextValue.onReport?.(report);
        },
      };
    },
  };
}

const NONE: readonly string[] = [];

const codesOf = (errors: readonly GraphQLFormattedError[] | undefined): readonly string[] =>
  errors ? [...new Set(errors.map(({ extensions }) => String(extensions?.code)))] : NONE;

/** Of several errors the one that concerns an operator most. */
export function outcomeOf(codes: readonly string[]): OperationOutcome {
  if (codes.length === 0) return 'ok';
  if (codes.includes('INTERNAL_SERVER_ERROR')) return 'failed';
  return codes.includes('UNAVAILABLE') ? 'unavailable' : 'refused';
}
