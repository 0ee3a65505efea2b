import { toNumericDate } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { signSecurityEventToken } from '../tokens/signed-events.ts';
import type { ClaimedDelivery } from './event-stream.ts';
import type { EventSigningKeys } from './event-signing-keys.ts';
import { eventPayload, eventUriOf, STREAM_UPDATED_EVENT, VERIFICATION_EVENT } from './set-events.ts';
import { decideLastEnd, readSetContext } from './set-context.sql.ts';
import { opaque, subjectOf } from './subject.ts';

/** What a token is built from. */
export type TokenDelivery = Pick<ClaimedDelivery, 'id' | 'eventId' | 'event'> & {
  stream: Pick<ClaimedDelivery['stream'], 'id' | 'subjectFormat' | 'audience'>;
};

export interface SecurityEventTokens {
  /**
   * Builds and signs the token of a delivery (RFC 8417, SSF 1.0, section 4). `jti` is the id of the delivery: the same at
   * every attempt. Null: it is not sent, because another delivery tells it or the user has other sessions, and the delivery
   * was removed.
   */
  build(delivery: TokenDelivery, now: Date): Promise<string | null>;
}

/** @param issuer the public URL */
export function createSecurityEventTokens(dependencies: {
  database: Database;
  keys: EventSigningKeys;
  issuer: string;
}): SecurityEventTokens {
  const { database, keys, issuer } = dependencies;

  /** With a simple subject the end of a session says that the user has none left. */
  async function isToBeSent({ id, stream, event }: TokenDelivery, now: Date): Promise<boolean> {
    const { userId } = event;
    if (event.type !== 'session.ended' || stream.subjectFormat === 'COMPLEX' || userId === null) return true;
    return database.transaction((em) =>
      decideLastEnd(em, { deliveryId: id, streamId: stream.id, userId }, now),
    );
  }

  return {
    async build(delivery, now) {
      const { id, eventId, stream, event } = delivery;
      const uri = eventUriOf(event.type);
      if (uri === null) throw new Error(`There is no security event token for ${event.type}.`);
      if (!(await isToBeSent(delivery, now))) return null;
      const isAboutStream = event.type === VERIFICATION_EVENT || event.type === STREAM_UPDATED_EVENT;
      const context = isAboutStream
        ? { email: null, limits: null }
        : await database.withTimeout(readSetContext(database.em(), event));
      const key = await keys.signing();
      const claims = {
        iss: issuer,
        aud: stream.audience,
        iat: toNumericDate(now),
        jti: id,
        txn: event.causeId ?? eventId,
        sub_id: isAboutStream
          ? opaque(stream.id)
          : subjectOf(event, stream.subjectFormat, { issuer, email: context.email }),
        events: { [uri]: eventPayload(event, context.limits) },
      };
      return signSecurityEventToken(claims, key);
    },
  };
}
