import {
  GraphQLError,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isSpecifiedScalarType,
  typeFromAST,
  type GraphQLInputType,
  type GraphQLLeafType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';
import { AppError } from '../errors.ts';
import { redactValues } from './message-redaction.ts';

/** A thousand errors would help no reader. */
const MAX_ERRORS = 10;

const NAME = /^\w{1,100}$/;

/**
 * Finds the errors in the values of an operation's variables, up to `MAX_ERRORS`. Runs before graphql-js coerces them:
 * its messages repeat whole values, such as a password sent as a number, and printing a hostile value for each error is
 * slow.
 */
export function findVariableErrors(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  values: Record<string, unknown>,
): GraphQLError[] {
  const errors: GraphQLError[] = [];
  for (const definition of operation.variableDefinitions ?? []) {
    const type = typeFromAST(schema, definition.type);
    const { value: name } = definition.variable.name;
    if (!isInputType(type)) continue;
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined || value === null) {
      const isNeeded = isNonNullType(type) && !(value === undefined && definition.defaultValue);
      if (!isNeeded) continue;
      const message =
        value === null
          ? `Variable "$${name}" of non-null type "${String(type)}" must not be null.`
          : `Variable "$${name}" of required type "${String(type)}" was not provided.`;
      errors.push(toError(definition, message));
    } else {
      for (const fault of faultsOf(value, type, `$${name}`, undefined)) {
        const message = `Variable "${fault.path}" got an invalid value: ${fault.problem}`;
        errors.push(toError(definition, message, fault.field));
        if (errors.length === MAX_ERRORS) return errors;
      }
    }
    if (errors.length === MAX_ERRORS) return errors;
  }
  return errors;
}

interface Fault {
  /** The position in the variable: names of the schema and indexes of lists. */
  path: string;
  problem: string;
  /** The input field with the error. */
  field: string | undefined;
}

/** Lazy, so the first ten errors of a million cost no more than ten. */
function* faultsOf(
  value: unknown,
  type: GraphQLInputType,
  path: string,
  field: string | undefined,
): Generator<Fault> {
  if (isNonNullType(type)) {
    if (value != null) yield* faultsOf(value, type.ofType, path, field);
    else yield { path, problem: `Expected non-nullable type "${String(type)}" not to be null.`, field };
  } else if (value == null) {
    return;
  } else if (isListType(type)) {
    if (!Array.isArray(value)) yield* faultsOf(value, type.ofType, path, field);
    else
      for (const [index, item] of value.entries())
        yield* faultsOf(item, type.ofType, `${path}[${index}]`, field);
  } else if (isInputObjectType(type)) {
    if (typeof value !== 'object' || Array.isArray(value))
      return yield { path, problem: `Expected type "${type.name}" to be an object.`, field };
    const given = value as Record<string, unknown>;
    const fields = type.getFields();
    for (const { name, type: fieldType, defaultValue } of Object.values(fields)) {
      if (given[name] !== undefined) yield* faultsOf(given[name], fieldType, `${path}.${name}`, name);
      else if (isNonNullType(fieldType) && defaultValue === undefined) {
        const problem = `Field "${name}" of required type "${String(fieldType)}" was not provided.`;
        yield { path, problem, field: name };
      }
    }
    for (const name in given) {
      if (Object.hasOwn(fields, name)) continue;
      yield NAME.test(name)
        ? { path, problem: `Field "${name}" is not defined by type "${type.name}".`, field: name }
        : { path, problem: `A field is not defined by type "${type.name}".`, field };
    }
  } else {
    const problem = leafProblem(value, type);
    if (problem !== null) yield { path, problem, field };
  }
}

function leafProblem(value: unknown, type: GraphQLLeafType): string | null {
  // The message would print the whole object. That of an empty object says no less.
  const isPrinted = typeof value === 'object' && (isEnumType(type) || isSpecifiedScalarType(type));
  try {
    if (isEnumType(type)) type.parseValue(isPrinted ? {} : value, true);
    else type.parseValue(isPrinted ? {} : value);
    return null;
  } catch (error) {
    return redactValues((error as Error).message);
  }
}

function toError(node: VariableDefinitionNode, message: string, field?: string): GraphQLError {
  const originalError = new AppError('BAD_USER_INPUT', message, field === undefined ? {} : { field });
  return new GraphQLError(message, { nodes: node, originalError, extensions: { code: 'BAD_USER_INPUT' } });
}
