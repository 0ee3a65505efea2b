import {
  getOperationAST,
  GraphQLError,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLSchema,
} from 'graphql';
import { badInput } from '../errors.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import { toGraphQLError } from '../graphql/errors.ts';
import {
  findExceededLimit,
  limitRules,
  PARSE_LIMITS,
  VALIDATION_LIMITS,
} from '../graphql/document-limits.ts';
import { createOperationCheck } from '../graphql/operation-check.ts';

/** Applications have a few documents, written once. */
const MAX_DOCUMENTS = 100;

const rules = [...specifiedRules, ...limitRules];

export interface SubscriptionRequest {
  query: string;
  operationName?: string | null;
  variables?: Record<string, unknown> | null;
  extensions?: Record<string, unknown> | null;
}

/** Parses and validates a subscription under the limits of HTTP. Queries and mutations are refused. */
export type PrepareSubscription = (
  request: SubscriptionRequest,
  contextValue: GraphQLContext,
) => ExecutionArgs | readonly GraphQLError[];

export function createSubscriptionPreparation(schema: GraphQLSchema): PrepareSubscription {
  const check = createOperationCheck(schema);
  /** The latest valid documents, so that ten thousand clients of one application share one parsed tree. */
  const documents = new Map<string, DocumentNode>();

  function cacheDocument(query: string, document: DocumentNode): void {
    if (documents.size === MAX_DOCUMENTS) documents.delete(documents.keys().next().value!);
    documents.set(query, document);
  }

  return (request, contextValue) => {
    try {
      if (request.extensions?.persistedQuery) return [persistedQueryNotSupported()];
      const known = documents.get(request.query);
      const exceeded = known ? null : findExceededLimit(request.query);
      if (exceeded !== null)
        return [withCode(new GraphQLError(`Syntax Error: ${exceeded}`), 'GRAPHQL_PARSE_FAILED')];
      const document = known ?? parse(request.query, PARSE_LIMITS);
      const errors = known ? [] : validate(schema, document, rules, VALIDATION_LIMITS);
      if (errors.length > 0) return errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'));
      if (!known) cacheDocument(request.query, document);
      const operation = getOperationAST(document, request.operationName);
      if (operation?.operation !== 'subscription') {
        const message = 'This socket carries subscriptions only. Send queries and mutations over HTTP.';
        return [toGraphQLError(badInput('query', message))];
      }
      const checked = check(document, operation, request.variables ?? {});
      if (checked.errors.length > 0) return checked.errors;
      const { operationName, variables: variableValues } = request;
      return { schema, document, operationName, variableValues, contextValue };
    } catch (error) {
      if (error instanceof GraphQLError) return [withCode(error, 'GRAPHQL_PARSE_FAILED')];
      throw error;
    }
  };
}

/** The answer of Apollo Server over HTTP. */
const persistedQueryNotSupported = (): GraphQLError =>
  new GraphQLError('PersistedQueryNotSupported', { extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } });

const withCode = (error: GraphQLError, code: string): GraphQLError =>
  new GraphQLError(error.message, {
    source: error.source,
    positions: error.positions,
    nodes: error.nodes,
    extensions: { code },
  });
