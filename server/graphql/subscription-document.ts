import {
  getOperationAST,
  getVariableValues,
  GraphQLError,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLSchema,
} from 'graphql';
import { badInput } from '../errors.ts';
import type { GraphQLContext } from './context.ts';
import { toGraphQLError } from './errors.ts';
import { limitRules, PARSE_LIMITS } from './limits.ts';

/** Variables are named in the answer one by one; nobody needs a thousand of them. */
const MAX_VARIABLE_ERRORS = 10;

/** Applications have a few, written once. */
const MAX_DOCUMENTS = 100;

const rules = [...specifiedRules, ...limitRules];

export interface SubscriptionRequest {
  query: string;
  operationName?: string | null;
  variables?: Record<string, unknown> | null;
}

/** Parses and validates what a socket asks for, under the same limits as over HTTP; subscriptions only. */
export type PrepareSubscription = (
  request: SubscriptionRequest,
  contextValue: GraphQLContext,
) => ExecutionArgs | readonly GraphQLError[];

export function createSubscriptionPreparation(schema: GraphQLSchema): PrepareSubscription {
  /** The valid ones that were asked for last: ten thousand clients of one application hold one tree, not each its own. */
  const documents = new Map<string, DocumentNode>();

  function remember(query: string, document: DocumentNode): void {
    if (documents.size === MAX_DOCUMENTS) documents.delete(documents.keys().next().value!);
    documents.set(query, document);
  }

  return (request, contextValue) => {
    try {
      const known = documents.get(request.query);
      const document = known ?? parse(request.query, PARSE_LIMITS);
      const errors = known ? [] : validate(schema, document, rules);
      if (errors.length > 0) return errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'));
      if (!known) remember(request.query, document);
      const operation = getOperationAST(document, request.operationName);
      if (operation?.operation !== 'subscription') {
        const message = 'This socket carries subscriptions only. Send queries and mutations over HTTP.';
        return [toGraphQLError(badInput('query', message))];
      }
      const definitions = operation.variableDefinitions ?? [];
      const limits = { maxErrors: MAX_VARIABLE_ERRORS };
      const variables = getVariableValues(schema, definitions, request.variables ?? {}, limits);
      if (variables.errors) return variables.errors.map((error) => withCode(error, 'BAD_USER_INPUT'));
      const { operationName, variables: variableValues } = request;
      return { schema, document, operationName, variableValues, contextValue };
    } catch (error) {
      if (error instanceof GraphQLError) return [withCode(error, 'GRAPHQL_PARSE_FAILED')];
      throw error;
    }
  };
}

const withCode = (error: GraphQLError, code: string): GraphQLError =>
  new GraphQLError(error.message, {
    source: error.source,
    positions: error.positions,
    nodes: error.nodes,
    extensions: { code },
  });
