import {
  getArgumentValues,
  getIntrospectionQuery,
  getNamedType,
  getOperationAST,
  isLeafType,
  isObjectType,
  parse,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import { createFieldCollector, type FieldCollector } from './collect-fields.ts';

/** Characters of JSON around each name and value. */
const PUNCTUATION = 4;
/** Factor for tools whose introspection queries add a few names and aliases. */
const SLACK = 1.5;

/** What a field of introspection holds, lists and nulls aside. */
type Kind = 'leaf' | 'other' | GraphQLObjectType;

/** Measures introspection before execution, in characters of its response. Stops once the size exceeds `limit`. */
export type IntrospectionMeter = (
  collector: FieldCollector,
  root: '__schema' | '__type',
  nodes: readonly FieldNode[],
  variables: Record<string, unknown>,
  limit: number,
) => number;

/** `limit` is the size of the whole schema with every field of introspection, times `SLACK`. */
export function createIntrospectionMeter(schema: GraphQLSchema): {
  measure: IntrospectionMeter;
  limit: number;
} {
  const typeOf = (name: string): GraphQLObjectType => schema.getType(name) as GraphQLObjectType;
  // The resolvers of introspection read nothing else.
  const info = { schema } as GraphQLResolveInfo;
  const kinds = new Map<GraphQLField<unknown, unknown>, Kind>();

  /** Known per field: graphql-js compares constructors, which takes most of the time of a measurement. */
  function kindOf(field: GraphQLField<unknown, unknown>): Kind {
    const known = kinds.get(field);
    if (known !== undefined) return known;
    const named = getNamedType(field.type);
    const kind = isLeafType(named) ? 'leaf' : isObjectType(named) ? named : 'other';
    kinds.set(field, kind);
    return kind;
  }

  const measure: IntrospectionMeter = (collector, root, nodes, variables, limit) => {
    let size = 0;
    const args = new Map<FieldNode, Record<string, unknown>>();

    function argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Record<string, unknown> {
      const known = args.get(node) ?? getArgumentValues(field, node, variables);
      args.set(node, known);
      return known;
    }

    function measureObject(type: GraphQLObjectType, source: unknown, group: readonly FieldNode[]): void {
      for (const [name, sameName] of collector.below(type.name, group)) {
        if (size > limit) return;
        size += name.length + PUNCTUATION;
        const node = sameName[0]!;
        const field = type.getFields()[node.name.value];
        // Only `__typename` is not a field of the type.
        if (!field?.resolve) continue;
        measureValue(
          field.resolve(source, argumentsOf(field, node), undefined, info),
          kindOf(field),
          sameName,
        );
      }
    }

    function measureValue(value: unknown, kind: Kind, group: readonly FieldNode[]): void {
      if (size > limit) return;
      if (Array.isArray(value)) value.forEach((item) => measureValue(item, kind, group));
      else if (kind === 'leaf' || value == null) size += String(value).length + PUNCTUATION;
      else if (kind !== 'other') measureObject(kind, value, group);
    }

    const name = nodes[0]!.arguments?.find((argument) => argument.name.value === 'name')?.value;
    if (root === '__schema') measureObject(typeOf('__Schema'), schema, nodes);
    else if (name?.kind === 'StringValue') measureValue(schema.getType(name.value), typeOf('__Type'), nodes);
    else if (name?.kind === 'Variable')
      measureValue(schema.getType(String(variables[name.name.value])), typeOf('__Type'), nodes);
    return size;
  };

  const document = parse(
    getIntrospectionQuery({
      descriptions: true,
      schemaDescription: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      inputValueDeprecation: true,
      oneOf: true,
    }),
  );
  const collector = createFieldCollector(document);
  const whole = collector.ofSelectionSet('Query', getOperationAST(document)!.selectionSet).get('__schema')!;
  return { measure, limit: measure(collector, '__schema', whole, {}, Infinity) * SLACK };
}
