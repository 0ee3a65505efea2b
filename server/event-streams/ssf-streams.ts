import { randomUUID } from 'node:crypto';
import type { Database } from '../database/database.ts';
import { AppError } from '../errors.ts';
import type { StreamManager } from '../rules/caller.ts';
import type { EventSigningKeys } from './event-signing-keys.ts';
import { countStreams, deleteStream, insertStream } from './event-streams.sql.ts';
import type { RunManagedChange } from './managed-changes.ts';
import type { SecretBox } from './secret-box.ts';
import { SSF_EVENT_TYPES, sourceTypesOf } from './set-events.ts';
import {
  MIN_VERIFICATION_SECONDS,
  toConfiguration,
  type SsfStream,
  type StreamConfiguration,
} from './ssf-stream.ts';
import {
  readWishes,
  requireObject,
  requireText,
  type Delivery,
  type StreamWishes,
} from './ssf-stream-input.ts';
import { changeDelivery, listSsfStreams, readSsfStream, storeUnknownTypes } from './ssf-streams.sql.ts';
import { changedDetails, toDetails } from './stream-details.ts';
import { storeSettings } from './store-settings.ts';
import { MAX_STREAMS, requireAudience } from './stream-rules.ts';

/**
 * The SSF streams of an account, for its receivers (SSF 1.0, section 8.1.1). The key's account is the only one: a stream of
 * another one, and a stream of another kind, is NOT_FOUND. Each throws UNAUTHENTICATED when the key is no longer valid, and
 * with a body BAD_USER_INPUT with `field`; then nothing has changed. `ipAddress` is that of the request, for the audit trail.
 */
export interface SsfStreams {
  /** Oldest first. */
  list(manager: StreamManager): Promise<StreamConfiguration[]>;
  read(manager: StreamManager, id: string): Promise<StreamConfiguration>;
  /** @throws CONFLICT when the account has as many streams as it may have */
  create(manager: StreamManager, body: unknown, ipAddress: string | null): Promise<StreamConfiguration>;
  /** Changes what is given. */
  change(manager: StreamManager, body: unknown, ipAddress: string | null): Promise<StreamConfiguration>;
  /** Changes what is given, and takes back what is not. */
  replace(manager: StreamManager, body: unknown, ipAddress: string | null): Promise<StreamConfiguration>;
  /** What waits for it is given up: the sweep deletes it. */
  remove(manager: StreamManager, id: string, ipAddress: string | null): Promise<void>;
}

/** @param issuer the public URL */
export function createSsfStreams(dependencies: {
  database: Database;
  runChange: RunManagedChange;
  secretBox: SecretBox;
  signingKeys: Pick<EventSigningKeys, 'signing'>;
  issuer: string;
  allowPrivateAddresses: boolean;
}): SsfStreams {
  const { database, runChange, secretBox, signingKeys, issuer } = dependencies;
  const newStream = {
    iss: issuer,
    events_supported: SSF_EVENT_TYPES,
    min_verification_interval: MIN_VERIFICATION_SECONDS,
  };

  const sealedHeader = (delivery: Delivery | undefined, id: string): string | null => {
    const header = delivery?.kind === 'SSF_PUSH' ? delivery.authorizationHeader : null;
    return header == null ? null : secretBox.seal(Buffer.from(header), id);
  };

  /** @param isWhole what is not given is taken back, too */
  function update(
    manager: StreamManager,
    given: unknown,
    { isWhole }: { isWhole: boolean },
    ipAddress: string | null,
  ): Promise<StreamConfiguration> {
    const body = requireObject(given);
    const id = requireText(body, 'stream_id');
    return runChange(manager, ipAddress, async ({ em, now, record }) => {
      const before = await readSsfStream(em, { id, accountId: manager.accountId });
      const wishes = readWishes(body, toConfiguration(before, issuer), dependencies);
      const after = applyWishes(before, isWhole ? wholeOf(wishes) : wishes);
      const secret =
        !isWhole && keepsHeader(before, after, wishes) ? undefined : sealedHeader(wishes.delivery, id);
      await storeSettings(em, before, asSettings(after), now);
      await changeDelivery(em, after, secret);
      await storeUnknownTypes(em, id, after.unknownTypes);
      const details = {
        ...changedDetails(before, after),
        ...(secret === undefined ? {} : { authorization_header_changed: true }),
      };
      await record({ action: 'event_stream.updated', id, details });
      return toConfiguration(after, issuer);
    });
  }

  return {
    async list({ accountId }) {
      const streams = await database.withTimeout(listSsfStreams(database.em(), accountId));
      return streams.map((stream) => toConfiguration(stream, issuer));
    },

    async read({ accountId }, id) {
      const stream = await database.withTimeout(readSsfStream(database.em(), { id, accountId }));
      return toConfiguration(stream, issuer);
    },

    async create(manager, given, ipAddress) {
      const wishes = readWishes(requireObject(given), newStream, dependencies);
      const { accountId } = manager;
      const id = randomUUID();
      const chosen = applyWishes(emptyStream(id), wholeOf(wishes));
      const stream = { ...chosen, audience: requireAudience(null, chosen) };
      const secret = sealedHeader(wishes.delivery, id);
      // Published before the first token.
      await signingKeys.signing();
      return runChange(manager, ipAddress, async ({ em, now, record }) => {
        if ((await countStreams(em, accountId)) >= MAX_STREAMS)
          throw new AppError('CONFLICT', `An account has at most ${MAX_STREAMS} event streams.`);
        await insertStream(em, { ...asSettings(stream), accountId, secret }, now);
        await storeUnknownTypes(em, id, stream.unknownTypes);
        const details = { kind: stream.kind, ...toDetails(stream) };
        await record({ action: 'event_stream.created', id, details });
        return toConfiguration(stream, issuer);
      });
    },

    change: (manager, body, ipAddress) => update(manager, body, { isWhole: false }, ipAddress),
    replace: (manager, body, ipAddress) => update(manager, body, { isWhole: true }, ipAddress),

    remove: (manager, streamId, ipAddress) =>
      runChange(manager, ipAddress, async ({ em, record }) => {
        const stream = await readSsfStream(em, { id: streamId, accountId: manager.accountId });
        const { id } = stream;
        await deleteStream(em, id);
        const details = { kind: stream.kind, ...toDetails(stream) };
        await record({ action: 'event_stream.deleted', id, details });
      }),
  };
}

const emptyStream = (id: string): SsfStream => ({
  id,
  kind: 'SSF_POLL',
  url: null,
  description: null,
  eventTypes: null,
  unknownTypes: [],
  subjectFormat: 'COMPLEX',
  audience: '',
  status: 'ENABLED',
  statusReason: null,
});

/** As the statements that owners' changes use have it. */
const asSettings = (stream: SsfStream) => ({ ...stream, sourceTypes: sourceTypesOf(stream.eventTypes) });

function applyWishes(stream: SsfStream, { events, delivery, description }: StreamWishes): SsfStream {
  return {
    ...stream,
    ...events,
    ...(description === undefined ? {} : { description }),
    ...(delivery === undefined
      ? {}
      : { kind: delivery.kind, url: delivery.kind === 'SSF_PUSH' ? delivery.url : null }),
  };
}

/** What is not given is as in a stream that is created without it. */
const wholeOf = ({ events, delivery, description }: StreamWishes): StreamWishes => ({
  events: events ?? { eventTypes: null, unknownTypes: [] },
  delivery: delivery ?? { kind: 'SSF_POLL' },
  description: description ?? null,
});

/** A header is for the address that it was given with, and goes to no other. */
const keepsHeader = (before: SsfStream, after: SsfStream, { delivery }: StreamWishes): boolean =>
  delivery === undefined ||
  (delivery.kind === 'SSF_PUSH' && delivery.authorizationHeader === undefined && after.url === before.url);
