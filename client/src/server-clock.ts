/** The server's clock as seen from here: this computer's clock and a correction. */
export interface ServerClock {
  now(): number;
  /** The same moment on this computer's clock. */
  toLocal(serverMs: number): Date;
  /** A moment of the server's clock that an answer carried, and when the request went out and the answer came. */
  measure(serverMs: number, sentAt: number, receivedAt: number): void;
  /** A moment of the server's clock in a message that took an unknown time to get here. */
  hear(serverMs: number): void;
}

/** A message is not delayed for longer: this computer's clock was set forward since the last measurement. */
const LONGEST_DELAY_MS = 5_000;

export function createServerClock(localNow: () => number): ServerClock {
  let correction = 0;
  let isKnown = false;

  return {
    now: () => localNow() + correction,
    toLocal: (serverMs) => new Date(serverMs - correction),

    measure(serverMs, sentAt, receivedAt) {
      // The computer slept or its clock was set while the answer was on its way: half of that says nothing.
      const isTrustworthy = receivedAt >= sentAt && receivedAt - sentAt <= LONGEST_DELAY_MS;
      if (isKnown && !isTrustworthy) return;
      // The server read its clock somewhere between the two; half way is wrong by at most half the round trip.
      correction = serverMs - (sentAt + receivedAt) / 2;
      isKnown = true;
    },

    hear(serverMs) {
      // The server's clock is at least there by now, so a message corrects forward only.
      const least = serverMs - localNow();
      const isWayOff = least < correction - LONGEST_DELAY_MS;
      if (!isKnown || least > correction || isWayOff) correction = least;
      isKnown = true;
    },
  };
}
