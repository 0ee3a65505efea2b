import type { OperationReport } from '../graphql/operation-report.ts';
import type { Span } from '../tracing/tracing.ts';

/** Names the span of an operation. The document is not recorded: its literals may be anything. */
export function describeOperation(span: Span, { operation, type, outcome, codes }: OperationReport): void {
  span.rename(type === null ? `GraphQL ${operation}` : `${type} ${operation}`);
  span.set({ 'curfew.operation': operation, 'curfew.outcome': outcome });
  if (type !== null) span.set({ 'graphql.operation.type': type });
  if (codes.length > 0) span.set({ 'curfew.error_codes': codes.join(',') });
  if (outcome === 'failed' || outcome === 'unavailable') span.fail(outcome);
}
