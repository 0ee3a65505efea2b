import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** The fields of one object of a response, by response name: the spec's grouped field set. */
export type GroupedFields = ReadonlyMap<string, readonly FieldNode[]>;

export interface FieldCollector {
  ofSelectionSet(typeName: string, selectionSet: SelectionSetNode): GroupedFields;
  /** The fields selected below a field. Computed once per group and type. */
  below(typeName: string, group: readonly FieldNode[]): GroupedFields;
}

/**
 * Collects fields as execution does (GraphQL specification, section 6.3.2): equal response names are one field, and a
 * fragment counts once per object however often it is spread. `@skip` and `@include` are ignored.
 */
export function createFieldCollector(document: DocumentNode): FieldCollector {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const known = new WeakMap<readonly FieldNode[], Map<string, GroupedFields>>();

  function group(typeName: string, selectionSets: readonly SelectionSetNode[]): GroupedFields {
    const groups = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    const add = (selectionSet: SelectionSetNode): void => {
      for (const node of selectionSet.selections) {
        if (node.kind === Kind.FIELD) {
          const name = (node.alias ?? node.name).value;
          const same = groups.get(name);
          if (same) same.push(node);
          else groups.set(name, [node]);
          continue;
        }
        const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
        if (node.kind === Kind.FRAGMENT_SPREAD) {
          if (spread.has(node.name.value)) continue;
          spread.add(node.name.value);
        }
        const condition = fragment?.typeCondition?.name.value ?? typeName;
        if (fragment && condition === typeName) add(fragment.selectionSet);
      }
    };
    selectionSets.forEach(add);
    return groups;
  }

  return {
    ofSelectionSet: (typeName, selectionSet) => group(typeName, [selectionSet]),
    below(typeName, nodes) {
      const byType = known.get(nodes) ?? new Map<string, GroupedFields>();
      known.set(nodes, byType);
      const groups =
        byType.get(typeName) ??
        group(
          typeName,
          nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
        );
      byType.set(typeName, groups);
      return groups;
    },
  };
}
