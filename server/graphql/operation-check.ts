import {
  getVariableValues,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { createResponseSizeCheck } from './response-size.ts';
import { findVariableErrors } from './variable-errors.ts';

export interface CheckedOperation {
  /** Empty: it may be executed. */
  readonly errors: readonly GraphQLError[];
  /** Whether its response is large, an estimate. */
  readonly isLarge: boolean;
}

/** Checks a valid operation before execution, over HTTP and WebSocket. */
export type CheckOperation = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
) => CheckedOperation;

export function createOperationCheck(schema: GraphQLSchema): CheckOperation {
  const checkResponseSize = createResponseSizeCheck(schema);
  /** Operations that passed with any variables. Parsed documents are cached, so the same object comes again. */
  const passed = new WeakMap<OperationDefinitionNode, CheckedOperation>();

  return (document, operation, variables) => {
    const errors = findVariableErrors(schema, operation, variables);
    if (errors.length > 0) return refused(errors);
    const known = passed.get(operation);
    if (known !== undefined) return known;
    const values = getVariableValues(schema, operation.variableDefinitions ?? [], variables, {
      maxErrors: 1,
    });
    if (values.errors) return refused(values.errors);
    const { refusal, isLarge, isByVariables } = checkResponseSize(document, operation, values.coerced);
    if (refusal !== null) return refused([refusal]);
    const checked = { errors: [], isLarge };
    if (!isByVariables) passed.set(operation, checked);
    return checked;
  };
}

const refused = (errors: readonly GraphQLError[]): CheckedOperation => ({ errors, isLarge: false });
