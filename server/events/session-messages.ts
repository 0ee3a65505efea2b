import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isSessionId, isUuid } from '../database/ids.ts';
import type { SessionEvent } from './session-bus.ts';

/** A bulk revocation names every session it ended. */
const IDS_PER_MESSAGE = 1_000;
/** In characters. More than a thousand ids of maximum length need; checked before parsing. */
const MAX_MESSAGE_LENGTH = 2_000_000;
/** Incremented when the meaning of a message changes. Nodes ignore messages of another version. */
const VERSION = 1;

/** The message format between nodes. */
const envelope = z.object({
  v: z.literal(VERSION),
  from: z.string().refine(isUuid),
  accountId: z.string().refine(isUuid),
  kind: z.enum(['STARTED', 'ENDED', 'ACCOUNT_REVOKED', 'SHORTENED', 'EXTENDED', 'ROLES', 'NEW_DEVICE']),
  // Counts the ids before checking each of them.
  sessionIds: z
    .array(z.unknown())
    .max(IDS_PER_MESSAGE)
    .pipe(z.array(z.string().refine(isSessionId))),
  userId: z.string().refine(isUuid).optional(),
  /** W3C Trace Context, where traces are on. A trace may be lost, an event may not. */
  traceparent: z
    .string()
    .regex(/^[\da-f-]{55}$/)
    .optional()
    .catch(undefined),
});

/** An event of another node, with the trace that it belongs to. */
export interface ReceivedEvent extends SessionEvent {
  traceparent?: string;
}

/** Events as messages between nodes, the same on every carrier. */
export interface SessionMessages {
  /** Returns the messages of one event: several if it names more sessions than fit into one. */
  write(event: SessionEvent, traceparent?: string | null): string[];
  /** Returns null for a message that is invalid, of another version, or from this node, which has delivered it. */
  read(text: string): ReceivedEvent | null;
}

/** @param maxBytes the longest message that the carrier takes, in UTF-8; at least 2,000, so that any id fits */
export function createSessionMessages(maxBytes: number): SessionMessages {
  const nodeId = randomUUID();
  return {
    write({ accountId, kind, sessionIds, userId }, traceparent) {
      const textOf = (ids: readonly string[]): string =>
        JSON.stringify({
          v: VERSION,
          from: nodeId,
          accountId,
          kind,
          sessionIds: ids,
          ...(userId !== undefined && { userId }),
          ...(traceparent && { traceparent }),
        });
      return split(sessionIds, maxBytes - Buffer.byteLength(textOf([]))).map(textOf);
    },
    read(text) {
      const message = parse(text);
      if (!message || message.from === nodeId) return null;
      const { accountId, kind, sessionIds, userId, traceparent } = message;
      return {
        accountId,
        kind,
        sessionIds,
        ...(userId !== undefined && { userId }),
        ...(traceparent && { traceparent }),
      };
    },
  };
}

/** Splits ids into lists for one message each. No ids: one empty list. */
function split(ids: readonly string[], maxBytes: number): string[][] {
  const lists: string[][] = [[]];
  let bytes = 0;
  for (const id of ids) {
    const size = Buffer.byteLength(JSON.stringify(id)) + ','.length;
    if (bytes + size > maxBytes || lists.at(-1)!.length === IDS_PER_MESSAGE) {
      lists.push([]);
      bytes = 0;
    }
    lists.at(-1)!.push(id);
    bytes += size;
  }
  return lists;
}

function parse(text: string): z.output<typeof envelope> | null {
  if (text.length > MAX_MESSAGE_LENGTH) return null;
  try {
    return envelope.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
