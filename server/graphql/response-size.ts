import {
  getArgumentValues,
  getNamedType,
  getNullableType,
  GraphQLError,
  GraphQLFloat,
  GraphQLInt,
  isListType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { createFieldCollector, type GroupedFields } from './collect-fields.ts';
import { createIntrospectionMeter } from './introspection-size.ts';

/** Of a whole response, counting the fields of every list item. */
const MAX_FIELDS = 60_000;
/** Assumed length of a list when the request gives none. */
const ASSUMED_ITEMS = 10;
const MAX_PAGE = 100;

/** Responses of more fields, or characters of introspection, take several milliseconds. */
const LARGE_FIELDS = 2_000;
const LARGE_CHARACTERS = 20_000;

export interface ResponseSize {
  /** Set if the response would be too large. */
  readonly refusal: GraphQLError | null;
  /** Whether its parts should not be computed in one turn of the event loop. */
  readonly isLarge: boolean;
  /** Whether other values of the variables could give another size. */
  readonly isByVariables: boolean;
}

/** Estimates the size of an operation's response before it is executed. */
export type CheckResponseSize = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
) => ResponseSize;

export function createResponseSizeCheck(schema: GraphQLSchema): CheckResponseSize {
  const introspection = createIntrospectionMeter(schema);

  return (document, operation, variables) => {
    const collector = createFieldCollector(document);
    let fields = 0;
    let characters = 0;
    let isByVariables = false;

    function count(typeName: string, groups: GroupedFields, times: number, page: number | null): void {
      const type = schema.getType(typeName);
      if (!isObjectType(type)) return;
      for (const nodes of groups.values()) {
        if (fields > MAX_FIELDS || characters > introspection.limit) return;
        fields += times;
        const name = nodes[0]!.name.value;
        if (name === '__schema' || name === '__type') {
          isByVariables ||= (operation.variableDefinitions ?? []).length > 0;
          const left = introspection.limit - characters;
          characters += introspection.measure(collector, name, nodes, variables, left);
          continue;
        }
        const field = type.getFields()[name];
        if (!field) continue;
        const { items, nextPage } = lengthOf(field, nodes[0]!, page);
        const below = getNamedType(field.type).name;
        count(below, collector.below(below, nodes), times * items, nextPage);
      }
    }

    /** How many items a field has, and how many items the lists below it have (`first` of a connection). */
    function lengthOf(
      field: GraphQLField<unknown, unknown>,
      node: FieldNode,
      page: number | null,
    ): { items: number; nextPage: number | null } {
      isByVariables ||= hasLengthByVariable(field, node);
      const args = Object.values(argumentsOf(field, node));
      const given = args.find((value) => Array.isArray(value))?.length;
      const first = args.find((value) => typeof value === 'number');
      const asked = first === undefined ? page : Math.min(Math.max(first, 1), MAX_PAGE);
      if (!isListType(getNullableType(field.type))) return { items: 1, nextPage: asked };
      return { items: given ?? asked ?? ASSUMED_ITEMS, nextPage: null };
    }

    function argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Record<string, unknown> {
      try {
        return getArgumentValues(field, node, variables);
      } catch {
        // A null where none is allowed: execution reports it and calls no resolver.
        return {};
      }
    }

    const root = schema.getRootType(operation.operation)!.name;
    count(root, collector.ofSelectionSet(root, operation.selectionSet), 1, null);
    const isLarge = fields > LARGE_FIELDS || characters > LARGE_CHARACTERS;
    return { refusal: refusalOf(fields, characters), isLarge, isByVariables };
  };

  function refusalOf(fields: number, characters: number): GraphQLError | null {
    if (characters > introspection.limit)
      return tooLarge('Introspection asks for more than the whole schema once.');
    if (fields > MAX_FIELDS) return tooLarge(`The answer would have more than ${MAX_FIELDS} fields.`);
    return null;
  }
}

const tooLarge = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });

/** Whether a variable gives a list or a number, the only arguments that say how many of something there are. */
const hasLengthByVariable = (field: GraphQLField<unknown, unknown>, node: FieldNode): boolean =>
  (node.arguments ?? []).some(({ name, value }) => {
    if (value.kind !== Kind.VARIABLE && value.kind !== Kind.LIST) return false;
    const type = getNullableType(field.args.find((arg) => arg.name === name.value)!.type);
    return isListType(type) || type === GraphQLInt || type === GraphQLFloat;
  });
