import {
  Kind,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** For an operation that is not one root field of our schema: several, introspection, or a document that is refused. */
export const OTHER_OPERATION = 'other';

/**
 * Names an operation for metrics, traces and the log: the root field of the schema that it asks for. Names and aliases
 * that a caller chose never count.
 */
export type LabelOperation = (
  document: DocumentNode | undefined,
  operation: OperationDefinitionNode | undefined,
) => string;

export function createOperationLabels(schema: GraphQLSchema): LabelOperation {
  const rootFields = new Set(
    [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
      type ? Object.keys(type.getFields()) : [],
    ),
  );
  /** Parsed documents are cached, so the same object comes again. */
  const known = new WeakMap<OperationDefinitionNode, string>();

  function label(document: DocumentNode, operation: OperationDefinitionNode): string {
    const names = rootFieldsOf(document, operation.selectionSet);
    const ours = [...names].filter((name) => rootFields.has(name));
    return ours.length === 1 ? ours[0]! : OTHER_OPERATION;
  }

  return (document, operation) => {
    if (!document || !operation) return OTHER_OPERATION;
    const before = known.get(operation);
    if (before !== undefined) return before;
    const labelled = label(document, operation);
    known.set(operation, labelled);
    return labelled;
  };
}

/** The names of the fields of a selection set, its fragments included. A fragment is entered once: it may be circular. */
function rootFieldsOf(document: DocumentNode, selectionSet: SelectionSetNode): Set<string> {
  const names = new Set<string>();
  const entered = new Set<string>();
  const left = [selectionSet];
  for (let next = left.pop(); next; next = left.pop())
    for (const node of next.selections) {
      if (node.kind === Kind.FIELD) names.add(node.name.value);
      else if (node.kind === Kind.INLINE_FRAGMENT) left.push(node.selectionSet);
      else if (!entered.has(node.name.value)) {
        entered.add(node.name.value);
        for (const definition of document.definitions)
          if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === node.name.value)
            left.push(definition.selectionSet);
      }
    }
  return names;
}
