import { randomUUID } from 'node:crypto';
import type { Audit, AuditAction } from '../audit/audit.ts';
import { addSeconds, type Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { badInput } from '../errors.ts';
import type { CreateEventStreamInput, UpdateEventStreamInput } from '../generated/schema.ts';
import { actorOf, type Viewer } from '../rules/caller.ts';
import { lockAccountForSensitiveOperation } from '../sessions/lock-as-caller.ts';
import { dropPending } from './deliveries.sql.ts';
import type { EventStreamView } from './event-stream.ts';
import {
  countStreams,
  deleteStream,
  insertStream,
  readStream,
  replaceSecret,
  updateStream,
} from './event-streams.sql.ts';
import { requireWebhookEventTypes } from './event-types.ts';
import { requireReceiverUrl } from './receiver-url.ts';
import type { SecretBox } from './secret-box.ts';
import { MAX_STREAMS, requireAudience, requireAvailableKind, requireDescription } from './stream-rules.ts';
import { createWebhookSecret, showWebhookSecret } from './webhook-secret.ts';

/** A stream with its secret, which cannot be shown again. */
export interface StreamWithSecret {
  stream: EventStreamView;
  secret: string;
}

/**
 * The event streams of an account, for its owners. Each throws UNAUTHENTICATED, FORBIDDEN and REAUTHENTICATION_REQUIRED, and
 * those that name a stream NOT_FOUND. `ipAddress` is that of the request, for the audit trail.
 */
export interface OwnerEventStreams {
  /** @throws BAD_USER_INPUT with `field` */
  create(viewer: Viewer, input: CreateEventStreamInput, ipAddress: string | null): Promise<StreamWithSecret>;
  /** Changes what is given. @throws BAD_USER_INPUT with `field` */
  update(viewer: Viewer, input: UpdateEventStreamInput, ipAddress: string | null): Promise<EventStreamView>;
  /** What waits for it is given up. */
  remove(viewer: Viewer, id: string, ipAddress: string | null): Promise<void>;
  /** The secret of before signs beside the new one for 24 hours. */
  rotateSecret(viewer: Viewer, id: string, ipAddress: string | null): Promise<StreamWithSecret>;
}

/** How long the secret of before signs after a rotation. */
const PREVIOUS_SECRET_SECONDS = 86_400;

export function createOwnerEventStreams(dependencies: {
  database: Database;
  audit: Audit;
  clock: Clock;
  secretBox: SecretBox;
  sensitiveMaxAgeSeconds: number;
  allowPrivateAddresses: boolean;
}): OwnerEventStreams {
  const { database, audit, clock, secretBox, allowPrivateAddresses } = dependencies;

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
    create(viewer, input, ipAddress) {
      const kind = requireAvailableKind(input.kind);
      const url = requireReceiverUrl(input.url, { allowPrivateAddresses });
      const eventTypes = requireWebhookEventTypes(input.eventTypes);
      const { accountId } = viewer;
      const secret = createWebhookSecret();
      const id = randomUUID();
      const stream = {
        id,
        accountId,
        kind,
        url,
        description: requireDescription(input.description),
        eventTypes,
        sourceTypes: eventTypes,
        subjectFormat: input.subjectFormat ?? 'COMPLEX',
        audience: requireAudience(input.audience, url),
        secret: secretBox.seal(secret, id),
      };
      return change(viewer, async (em, now) => {
        if ((await countStreams(em, accountId)) >= MAX_STREAMS)
          throw badInput('kind', `An account has at most ${MAX_STREAMS} event streams.`, {
            reason: 'TOO_MANY',
            max: MAX_STREAMS,
          });
        await insertStream(em, stream, now);
        const details = { kind, ...toDetails({ ...stream, status: 'ENABLED' }) };
        await record(em, viewer, { action: 'event_stream.created', id, details }, ipAddress, now);
        return { stream: await readStream(em, { id, accountId }), secret: showWebhookSecret(secret) };
      });
    },

    update(viewer, input, ipAddress) {
      const { streamId, ...given } = input;
      const changes = {
        ...(given.url == null ? {} : { url: requireReceiverUrl(given.url, { allowPrivateAddresses }) }),
        ...(given.description === undefined ? {} : { description: requireDescription(given.description) }),
        ...(given.eventTypes === undefined ? {} : { eventTypes: requireWebhookEventTypes(given.eventTypes) }),
        ...(given.subjectFormat == null ? {} : { subjectFormat: given.subjectFormat }),
        // The reason of before is about the status of before.
        ...(given.status == null ? {} : { status: given.status, statusReason: null }),
      };
      return change(viewer, async (em, now) => {
        const before = await readStream(em, { id: streamId, accountId: viewer.accountId });
        const after = { ...before, ...changes };
        const isTriedAtOnce = after.url !== before.url || after.status !== before.status;
        await updateStream(em, { ...after, sourceTypes: after.eventTypes }, { isTriedAtOnce });
        if (after.status === 'DISABLED') await dropPending(em, before.id, 'The stream was disabled.', now);
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
        await dropPending(em, id, 'The stream was deleted.', now);
        const details = { kind: stream.kind, ...toDetails(stream) };
        await record(em, viewer, { action: 'event_stream.deleted', id, details }, ipAddress, now);
      }),

    rotateSecret: (viewer, streamId, ipAddress) =>
      change(viewer, async (em, now) => {
        const stream = await readStream(em, { id: streamId, accountId: viewer.accountId });
        const { id } = stream;
        const secret = createWebhookSecret();
        const previousUntil = addSeconds(now, PREVIOUS_SECRET_SECONDS);
        await replaceSecret(em, { id, secret: secretBox.seal(secret, id), previousUntil });
        const details = { previous_until: previousUntil.toISOString() };
        await record(em, viewer, { action: 'event_stream.secret_rotated', id, details }, ipAddress, now);
        return { stream, secret: showWebhookSecret(secret) };
      }),
  };
}

type Shown = Pick<EventStreamView, 'url' | 'description' | 'eventTypes' | 'subjectFormat' | 'status'>;

/** Without the path and query of the address, which may hold a token of the receiver's. */
const toDetails = ({ url, description, eventTypes, subjectFormat, status }: Shown) => ({
  origin: url === null ? null : new URL(url).origin,
  description,
  event_types: eventTypes,
  subject_format: subjectFormat,
  status,
});

/** What an update made different, before and after. */
function changedDetails(before: Shown, after: Shown): Record<string, unknown> {
  const [old, next] = [toDetails(before), toDetails(after)] as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  const changed = Object.keys(next).filter(
    (name) => JSON.stringify(old[name]) !== JSON.stringify(next[name]),
  );
  const only = (details: Record<string, unknown>) =>
    Object.fromEntries(changed.map((name) => [name, details[name]]));
  return { old: only(old), new: only(next), ...(before.url === after.url ? {} : { url_changed: true }) };
}
