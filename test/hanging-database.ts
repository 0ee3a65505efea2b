import type { Database, EntityManager } from '../server/database/database.ts';

export interface HangingDatabase extends Database {
  /** From now on no statement outside a transaction is answered. */
  hang(): void;
  /** Releases the pending answers. */
  restore(): void;
}

/** A database whose statements can hang, like those on a silent connection. */
export function hangable(database: Database): HangingDatabase {
  let gate = Promise.withResolvers<void>();
  gate.resolve();

  const gated = (em: EntityManager): EntityManager =>
    new Proxy(em, {
      get(target, key) {
        if (key !== 'getKysely') {
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        }
        return () =>
          target.getKysely().withPlugin({
            transformQuery: ({ node }) => node,
            async transformResult({ result }) {
              await gate.promise;
              return result;
            },
          });
      },
    });

  return {
    ...database,
    em: () => gated(database.em()),
    hang() {
      gate = Promise.withResolvers<void>();
    },
    restore: () => gate.resolve(),
  };
}
