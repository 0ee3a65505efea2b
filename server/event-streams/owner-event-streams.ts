import type { Audit, AuditAction } from '../audit/audit.ts';
import { addSeconds, type Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { badInput } from '../errors.ts';
import type { CreateEventStreamInput, UpdateEventStreamInput } from '../generated/schema.ts';
import { actorOf, type Viewer } from '../rules/caller.ts';
import { lockAccountForSensitiveOperation } from '../sessions/lock-as-caller.ts';
import type { EventStreamView } from './event-stream.ts';
import { countStreams, deleteStream, insertStream, readStream, replaceSecret } from './event-streams.sql.ts';
import type { EventSigningKeys } from './event-signing-keys.ts';
import { requireEventTypes, withSourceTypes } from './event-types.ts';
import { toNewStream } from './new-stream.ts';
import { requireUrlOfKind } from './receiver-url.ts';
import type { SecretBox } from './secret-box.ts';
import { changedDetails, toDetails } from './stream-details.ts';
import { storeSettings } from './store-settings.ts';
import { changeDelivery } from './ssf-streams.sql.ts';
import { MAX_STREAMS, requireDescription } from './stream-rules.ts';
import { changeStreamStatus, isSsf } from './stream-status.ts';
import { createWebhookSecret, showWebhookSecret } from './webhook-secret.ts';

/** A stream with its secret, which cannot be shown again. Null: it has none that its receiver verifies with. */
export interface StreamWithSecret<Secret = string> {
  stream: EventStreamView;
  secret: Secret;
}

/**
 * The event streams of an account, for its owners. Each throws UNAUTHENTICATED, FORBIDDEN and REAUTHENTICATION_REQUIRED, and
 * those that name a stream NOT_FOUND. `ipAddress` is that of the request, for the audit trail.
 */
export interface OwnerEventStreams {
  /** @throws BAD_USER_INPUT with `field` */
  create(
    viewer: Viewer,
    input: CreateEventStreamInput,
    ipAddress: string | null,
  ): Promise<StreamWithSecret<string | null>>;
  /** Changes what is given. @throws BAD_USER_INPUT with `field` */
  update(viewer: Viewer, input: UpdateEventStreamInput, ipAddress: string | null): Promise<EventStreamView>;
  /** What waits for it is given up: the sweep deletes it. */
  remove(viewer: Viewer, id: string, ipAddress: string | null): Promise<void>;
  /**
   * The secret of before signs beside the new one for 24 hours.
   * @throws BAD_USER_INPUT with `reason` NOT_ALLOWED: Curfew's own key signs
   */
  rotateSecret(viewer: Viewer, id: string, ipAddress: string | null): Promise<StreamWithSecret>;
}

/** How long the secret of before signs after a rotation. */
const PREVIOUS_SECRET_SECONDS = 86_400;
/** For the receiver of an SSF stream. */
const TOLD_REASON = 'An owner of the account changed the status.';

export function createOwnerEventStreams(dependencies: {
  database: Database;
  audit: Audit;
  clock: Clock;
  secretBox: SecretBox;
  signingKeys: EventSigningKeys;
  sensitiveMaxAgeSeconds: number;
  allowPrivateAddresses: boolean;
}): OwnerEventStreams {
  const { database, audit, clock, secretBox, signingKeys, allowPrivateAddresses } = dependencies;

  /** Runs a change under the account's lock, by an owner who has authenticated a short time ago. */
  const change = <T>(viewer: Viewer, work: (em: EntityManager, now: Date) => Promise<T>): Promise<T> =>
    database.accountTransaction(viewer.accountId, async (em) => {
      await lockAccountForSensitiveOperation(em, viewer, dependencies);
      return work(em, clock.now());
    });

  const record = (
    em: EntityManager,
    viewer: Viewer,
    entry: {
      action: Extract<AuditAction, `event_stream.${string}`>;
      id: string;
      details: Record<string, unknown>;
    },
    ipAddress: string | null,
    now: Date,
  ): Promise<void> =>
    audit.record(
      em,
      {
        accountId: viewer.accountId,
        action: entry.action,
        actor: actorOf(viewer),
        resource: { type: 'event_stream', id: entry.id },
        details: entry.details,
        ipAddress,
      },
      now,
    );

  return {
    async create(viewer, input, ipAddress) {
      const { accountId } = viewer;
      const { stream, shownSecret } = toNewStream(input, { accountId, secretBox, allowPrivateAddresses });
      const { id, kind } = stream;
      // Published before the first token: a receiver reads the keys when it learns of its stream.
      if (isSsf(kind)) await signingKeys.signing();
      return change(viewer, async (em, now) => {
        if ((await countStreams(em, accountId)) >= MAX_STREAMS)
          throw badInput('kind', `An account has at most ${MAX_STREAMS} event streams.`, {
            reason: 'TOO_MANY',
            max: MAX_STREAMS,
          });
        await insertStream(em, stream, now);
        const details = { kind, ...toDetails({ ...stream, status: 'ENABLED' }) };
        await record(em, viewer, { action: 'event_stream.created', id, details }, ipAddress, now);
        return { stream: await readStream(em, { id, accountId }), secret: shownSecret };
      });
    },

    update(viewer, input, ipAddress) {
      const { streamId, ...given } = input;
      const changes = {
        ...(given.description === undefined ? {} : { description: requireDescription(given.description) }),
        ...(given.subjectFormat == null ? {} : { subjectFormat: given.subjectFormat }),
        ...(given.status == null ? {} : { status: given.status }),
      };
      return change(viewer, async (em, now) => {
        const before = await readStream(em, { id: streamId, accountId: viewer.accountId });
        const { kind } = before;
        const url =
          given.url == null ? before.url : requireUrlOfKind(kind, given.url, { allowPrivateAddresses });
        const types =
          given.eventTypes === undefined
            ? withSourceTypes(kind, before.eventTypes)
            : requireEventTypes(kind, given.eventTypes);
        const after = { ...before, ...changes, ...types, url };
        const isMoved = await storeSettings(em, before, after, now);
        // The receiver gave it for the address of before.
        if (isMoved && kind === 'SSF_PUSH') await changeDelivery(em, { id: before.id, kind, url }, null);
        // The reason of before is about the status of before.
        if (given.status != null)
          await changeStreamStatus(
            em,
            before,
            { status: given.status, statusReason: null, toldReason: TOLD_REASON },
            now,
          );
        const details = changedDetails(before, after);
        await record(em, viewer, { action: 'event_stream.updated', id: before.id, details }, ipAddress, now);
        return readStream(em, before);
      });
    },

    remove: (viewer, streamId, ipAddress) =>
      change(viewer, async (em, now) => {
        const stream = await readStream(em, { id: streamId, accountId: viewer.accountId });
        const { id } = stream;
        await deleteStream(em, id);
        const details = { kind: stream.kind, ...toDetails(stream) };
        await record(em, viewer, { action: 'event_stream.deleted', id, details }, ipAddress, now);
      }),

    rotateSecret: (viewer, streamId, ipAddress) =>
      change(viewer, async (em, now) => {
        const stream = await readStream(em, { id: streamId, accountId: viewer.accountId });
        const { id } = stream;
        if (stream.kind !== 'WEBHOOK')
          throw badInput('streamId', 'Only webhooks have a secret: the key of the others is published.', {
            reason: 'NOT_ALLOWED',
          });
        const secret = createWebhookSecret();
        const previousUntil = addSeconds(now, PREVIOUS_SECRET_SECONDS);
        await replaceSecret(em, { id, secret: secretBox.seal(secret, id), previousUntil });
        const details = { previous_until: previousUntil.toISOString() };
        await record(em, viewer, { action: 'event_stream.secret_rotated', id, details }, ipAddress, now);
        return { stream, secret: showWebhookSecret(secret) };
      }),
  };
}
