import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { effectOf, eventName } from './effects.ts';
import type { EventSourceView } from './event-source.ts';
import { findSource } from './event-sources.sql.ts';
import { reachOf, type LinkedProvider } from './reach.ts';
import type { RecordFault } from './record-fault.ts';
import { readUnverifiedToken, type UnverifiedToken } from './signed-token.ts';
import { readSubject, type Subject } from './subject.ts';
import type { TakeToken, TokenContent } from './take-token.ts';
import { refuseToken, type KeysUnavailable, type TokenLimited, type TokenRefusal } from './token-refusal.ts';
import { checkSecurityEvent, refuseIssuer, refuseMisdirected, type CheckedEvent } from './token-rules.ts';
import type { TransmitterKeys } from './transmitter-keys.ts';

/** `accepted`: what the token asks for is committed, or it asks for nothing that could be done here. */
export type Receipt =
  { kind: 'accepted' } | ((TokenRefusal | TokenLimited) & { accountId: string | null }) | KeysUnavailable;

/** Takes a security event token (RFC 8935) for a source. */
export type ReceiveSecurityEvent = (
  sourceId: string,
  text: string,
  ipAddress: string | null,
) => Promise<Receipt>;

interface Judged {
  kind: 'judged';
  source: EventSourceView;
  event: CheckedEvent;
  content: TokenContent | null;
}

export function createReceiveSecurityEvent(dependencies: {
  database: Database;
  clock: Clock;
  keys: TransmitterKeys;
  providers: readonly LinkedProvider[];
  take: TakeToken;
  recordFault: RecordFault;
}): ReceiveSecurityEvent {
  const { database, clock, keys, providers, take, recordFault } = dependencies;

  /**
   * No key is looked up, and no signature verified, for a token that does not claim to be for this source. Its content is
   * judged last: what is wrong with it is then known to be the issuer's fault.
   */
  async function judge(
    source: EventSourceView | null,
    token: UnverifiedToken,
  ): Promise<Judged | TokenRefusal | KeysUnavailable> {
    const misdirected = refuseMisdirected(token, source);
    if (misdirected) return misdirected;
    if (!source) return refuseIssuer();
    const signature = await keys.verify(source.issuer, token);
    if (signature.kind !== 'verified') return signature;
    const event = checkSecurityEvent(token, clock.now());
    if (event.kind === 'refused') return { ...event, faultOf: 'issuer' };
    const effect = effectOf(event.eventType);
    const subject = effect === null ? NO_SUBJECT : readSubject(event.subject);
    if (subject === null)
      return refuseToken('invalid_request', 'The subject of the event is malformed.', 'issuer');
    // Such an event has to be discarded (SSF 1.0, section 7.1): it is about less than what was understood.
    const { criticalMembers } = signature.transmitter;
    const isDiscarded = subject.notUnderstood.some((name) => criticalMembers.includes(name));
    if (effect === null || isDiscarded) return { kind: 'judged', source, event, content: null };
    const { identifiers } = subject;
    const content = {
      effect,
      event: eventName(event.eventType),
      identifiers,
      reach: reachOf(source, providers),
    };
    return { kind: 'judged', source, event, content };
  }

  return async (sourceId, text, ipAddress) => {
    const token = readUnverifiedToken(text);
    if (!token) return { ...refuseToken('invalid_request', 'The body is no signed token.'), accountId: null };
    const source = await database.withTimeout(findSource(database.em(), sourceId));
    const judged = await judge(source, token);
    if (judged.kind !== 'judged') {
      if (source) await recordFault([source.id], judged);
      return judged.kind === 'refused' ? { ...judged, accountId: source?.accountId ?? null } : judged;
    }
    const taken = await take(judged.source, judged.event, judged.content, ipAddress);
    switch (taken.kind) {
      case 'gone':
        return { ...refuseIssuer(), accountId: null };
      case 'limited':
        await recordFault([judged.source.id], { ...taken, faultOf: 'issuer' });
        return { ...taken, accountId: judged.source.accountId };
      default:
        return { kind: 'accepted' };
    }
  };
}

const NO_SUBJECT: Subject = { identifiers: [], notUnderstood: [] };
