import type { ReadyStream, WantedDeliveries } from './dispatch.sql.ts';

/** Requests to the receiver of one stream at a time on this node. A stream that fails has one. */
const MAX_LANES = 8;
/**
 * Requests for one account at a time on this node, however many streams it has. Beyond that each stream has one all the same,
 * so that receivers which are slow delay no other of the account.
 */
const MAX_ACCOUNT_LANES = 32;

/** Streams that may have something due, and the lanes on which requests to their receivers are under way. */
export interface ReadyStreams {
  /** Something may be due. */
  add(stream: ReadyStream): void;
  /** The receiver takes nothing now. Its open lanes stay open. */
  remove(streamId: string): void;
  /**
   * Shares `count` lanes among the streams that have one to spare, and opens them: in turn between accounts, then in turn
   * between the streams of an account. So one that has a million waiting delays another by no more than a turn. These
   * streams are ready again when they are added.
   */
  openLanes(count: number): WantedDeliveries[];
  closeLane(streamId: string): void;
}

interface Account {
  id: string;
  open: number;
  /** The one that had the latest turn is last. */
  streams: Map<string, Stream>;
}

interface Stream {
  id: string;
  account: Account;
  open: number;
  isFailing: boolean;
  isReady: boolean;
}

export function createReadyStreams(): ReadyStreams {
  /** The one that had the latest turn is last. */
  const accounts = new Map<string, Account>();
  const streams = new Map<string, Stream>();

  function find({ id, accountId }: ReadyStream): Stream {
    const known = streams.get(id);
    if (known) return known;
    const account = accounts.get(accountId) ?? { id: accountId, open: 0, streams: new Map() };
    const stream = { id, account, open: 0, isFailing: false, isReady: false };
    accounts.set(accountId, account);
    account.streams.set(id, stream);
    streams.set(id, stream);
    return stream;
  }

  function forgetIdle({ id, account, open, isReady }: Stream): void {
    if (isReady || open > 0) return;
    streams.delete(id);
    account.streams.delete(id);
    if (account.streams.size === 0) accounts.delete(account.id);
  }

  function hasFreeLane({ open, isFailing, account }: Stream): boolean {
    if (open === 0) return true;
    return !isFailing && open < MAX_LANES && account.open < MAX_ACCOUNT_LANES;
  }

  function openLane(stream: Stream): void {
    const { account } = stream;
    stream.open += 1;
    account.open += 1;
    moveLast(account.streams, stream);
    moveLast(accounts, account);
  }

  return {
    add(given) {
      const stream = find(given);
      stream.isReady = true;
      stream.isFailing = given.isFailing;
    },

    remove(streamId) {
      const stream = streams.get(streamId);
      if (!stream) return;
      stream.isReady = false;
      forgetIdle(stream);
    },

    openLanes(count) {
      const wanted = new Map<Stream, number>();
      let left = count;
      for (let before = Infinity; left > 0 && left < before;) {
        before = left;
        for (const account of [...accounts.values()]) {
          const stream = [...account.streams.values()].find((each) => each.isReady && hasFreeLane(each));
          if (!stream || left === 0) continue;
          openLane(stream);
          wanted.set(stream, (wanted.get(stream) ?? 0) + 1);
          left -= 1;
        }
      }
      return [...wanted].map(([stream, lanes]) => {
        stream.isReady = false;
        return {
          stream: { id: stream.id, accountId: stream.account.id, isFailing: stream.isFailing },
          count: lanes,
        };
      });
    },

    closeLane(streamId) {
      const stream = streams.get(streamId)!;
      stream.open -= 1;
      stream.account.open -= 1;
      forgetIdle(stream);
    },
  };
}

function moveLast<Item extends { id: string }>(items: Map<string, Item>, item: Item): void {
  items.delete(item.id);
  items.set(item.id, item);
}
