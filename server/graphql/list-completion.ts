import {
  defaultFieldResolver,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
  type GraphQLSchema,
} from 'graphql';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Lists up to this length are completed at once. */
const MAX_UNBATCHED_ITEMS = 10;
const BATCH_SIZE = 100;

/**
 * Completes long lists of objects in batches of a hundred, one batch per turn of the event loop across all requests. A
 * thousand sessions with all their fields would otherwise block other requests for more than 100 ms.
 */
export function completeListsInBatches(schema: GraphQLSchema): GraphQLSchema {
  let lastTurn = Promise.resolve();

  const takeTurn = (): Promise<void> => (lastTurn = lastTurn.then(nextTurn));

  function inBatches(items: unknown): unknown {
    if (!Array.isArray(items) || items.length <= MAX_UNBATCHED_ITEMS) return items;
    // One promise for the whole list, where GraphQL.js would make several for each item.
    if (items.length <= BATCH_SIZE) return takeTurn().then(() => items as unknown[]);
    let turn = lastTurn;
    return items.map((item: unknown, index) => {
      if (index % BATCH_SIZE === 0) turn = takeTurn();
      return turn.then(() => item);
    });
  }

  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const isList = isListType(getNullableType(field.type)) && isObjectType(getNamedType(field.type));
      if (!isList) continue;
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = (...args) => {
        const items: unknown = resolve(...args);
        return items instanceof Promise ? items.then(inBatches) : inBatches(items);
      };
    }
  }
  return schema;
}
