import { randomUUID } from 'node:crypto';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { badInput } from '../errors.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { CreateEventSourceInput } from '../generated/schema.ts';
import { actorOf, type Viewer } from '../rules/caller.ts';
import { lockAccountForSensitiveOperation } from '../sessions/lock-as-caller.ts';
import type { EventSourceView } from './event-source.ts';
import { countSources, insertSource, readSource } from './event-sources.sql.ts';
import type { LinkedProvider } from './reach.ts';
import { removeSource } from './remove-source.ts';
import { sourceEntry } from './source-entry.ts';
import { MAX_SOURCES, requireIssuer, requireProvider, requireSourceAudience } from './source-rules.ts';

/**
 * The event sources of an account, for its owners. Each throws UNAUTHENTICATED, FORBIDDEN and REAUTHENTICATION_REQUIRED.
 * `ipAddress` is that of the request, for the audit trail.
 */
export interface OwnerEventSources {
  /** @throws BAD_USER_INPUT with `field` */
  create(viewer: Viewer, input: CreateEventSourceInput, ipAddress: string | null): Promise<EventSourceView>;
  /** Users whom it has disabled can sign in again. @throws NOT_FOUND */
  remove(viewer: Viewer, id: string, ipAddress: string | null): Promise<void>;
}

export function createOwnerEventSources(dependencies: {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
  sensitiveMaxAgeSeconds: number;
  allowPrivateAddresses: boolean;
  providers: readonly LinkedProvider[];
}): OwnerEventSources {
  const { database, audit, bus, clock, providers } = dependencies;

  /** Runs a change under the account's lock, by an owner who has authenticated a short time ago. */
  const change = <T>(viewer: Viewer, work: (em: EntityManager, now: Date) => Promise<T>): Promise<T> =>
    database.accountTransaction(viewer.accountId, async (em) => {
      await lockAccountForSensitiveOperation(em, viewer, dependencies);
      return work(em, clock.now());
    });

  return {
    create(viewer, input, ipAddress) {
      const { accountId } = viewer;
      const source = {
        id: randomUUID(),
        accountId,
        issuer: requireIssuer(input.issuer, dependencies),
        audience: requireSourceAudience(input.audience),
        providerId: requireProvider(input.provider, providers),
      };
      return change(viewer, async (em, now) => {
        if ((await countSources(em, accountId)) >= MAX_SOURCES)
          throw badInput('issuer', `An account has at most ${MAX_SOURCES} event sources.`, {
            reason: 'TOO_MANY',
            max: MAX_SOURCES,
          });
        if (!(await insertSource(em, source, now)))
          throw badInput('issuer', 'The account has a source with this issuer and audience.', {
            reason: 'TAKEN',
          });
        await audit.record(
          em,
          sourceEntry('event_source.created', source, { actor: actorOf(viewer), ipAddress }),
          now,
        );
        return readSource(em, source);
      });
    },

    async remove(viewer, sourceId, ipAddress) {
      const { accountId } = viewer;
      const enabledIds = await change(viewer, async (em, now) => {
        const source = await readSource(em, { id: sourceId, accountId });
        return removeSource(em, audit, source, { actor: actorOf(viewer), ipAddress }, now);
      });
      if (enabledIds.length > 0) bus.publish({ accountId, kind: 'ROLES', sessionIds: [] });
    },
  };
}
