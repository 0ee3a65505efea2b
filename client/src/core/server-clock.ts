/** The server's clock: this computer's clock plus a correction in milliseconds. */
export interface ServerClock {
  readonly correction: number;
  /** False until the server has sent its time: then this computer's clock stands in for it. */
  readonly isKnown: boolean;
}

export const UNKNOWN_CLOCK: ServerClock = Object.freeze({ correction: 0, isKnown: false });

/** A message never takes longer: this computer's clock was set forward since the last measurement. */
const MAX_DELAY_MS = 5_000;

export const toServerTime = (clock: ServerClock, localMs: number): number => localMs + clock.correction;

export const toLocalTime = (clock: ServerClock, serverMs: number): number => serverMs - clock.correction;

/** Takes the server's time from an answer. `sentAt` and `receivedAt` are local times of the request and its answer. */
export function measureClock(
  clock: ServerClock,
  { serverMs, sentAt, receivedAt }: { serverMs: number; sentAt: number; receivedAt: number },
): ServerClock {
  // The computer slept or its clock was set while the request was in flight: half of that says nothing.
  const isTrustworthy = receivedAt >= sentAt && receivedAt - sentAt <= MAX_DELAY_MS;
  if (clock.isKnown && !isTrustworthy) return clock;
  // The server read its clock between the two; the middle is wrong by half the round trip at most.
  return { correction: serverMs - (sentAt + receivedAt) / 2, isKnown: true };
}

/** Takes the server's time from a message that was in transit for an unknown time. */
export function advanceClock(clock: ServerClock, serverMs: number, localMs: number): ServerClock {
  // The server's clock is at least there by now, so a message corrects forward only.
  const least = serverMs - localMs;
  const isWayOff = least < clock.correction - MAX_DELAY_MS;
  const correction = !clock.isKnown || least > clock.correction || isWayOff ? least : clock.correction;
  return { correction, isKnown: true };
}
