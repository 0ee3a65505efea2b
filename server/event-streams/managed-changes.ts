import { lockAccount } from '../accounts/account-lock.ts';
import type { Audit, AuditAction } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import type { StreamManager } from '../rules/caller.ts';
import { actorOf } from '../service-api/key-reach.ts';
import { lockServiceKey } from '../service-api/service-keys.ts';

/** The transaction of a change that a receiver asks for. */
export interface ManagedChange {
  em: EntityManager;
  now: Date;
  /** Writes the audit row of the change, by the name of the key. */
  record(entry: {
    action: Extract<AuditAction, `event_stream.${string}`>;
    id: string;
    details: Record<string, unknown>;
  }): Promise<void>;
}

/**
 * Runs a change under the account's lock, by a key that is valid at its end. `ipAddress` is that of the request.
 * @throws UNAUTHENTICATED
 */
export type RunManagedChange = <T>(
  manager: StreamManager,
  ipAddress: string | null,
  work: (change: ManagedChange) => Promise<T>,
) => Promise<T>;

export function createManagedChanges(dependencies: {
  database: Database;
  audit: Audit;
  clock: Clock;
  /** Delivers what is due now. */
  wake: () => void;
}): RunManagedChange {
  const { database, audit, clock, wake } = dependencies;

  return async (manager, ipAddress, work) => {
    const { accountId } = manager;
    const result = await database.accountTransaction(accountId, async (em) => {
      await lockAccount(em, accountId);
      const now = clock.now();
      const done = await work({
        em,
        now,
        record: ({ action, id, details }) =>
          audit.record(
            em,
            {
              accountId,
              action,
              actor: actorOf(manager),
              resource: { type: 'event_stream', id },
              details,
              ipAddress,
            },
            now,
          ),
      });
      await lockServiceKey(em, manager, clock);
      return done;
    });
    wake();
    return result;
  };
}
