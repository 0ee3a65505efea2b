import fc from 'fast-check';
import type { SessionEndReason } from '../generated/schema.ts';
import { createRefreshTokens } from '../tokens/refresh-token.ts';
import { toRefreshKey } from '../tokens/signing-keys.ts';
import { decideRefresh, type RefreshDecision } from './refresh-decision.ts';
import type { SessionWithRefreshState } from '../rules/session.ts';
import { sha256 } from '../sha256.ts';

const T0 = Date.UTC(2026, 0, 1);
const SECOND = 1_000;
const GRACE = 10;
const IDLE = 1_800;
const ABSOLUTE = 3_600;
const moment = (seconds: number): Date => new Date(T0 + seconds * SECOND);

const tokens = createRefreshTokens({
  keys: [toRefreshKey('a secret for tests of thirty-two bytes')],
  issuer: 'http://localhost',
});

const session = (changes: Partial<SessionWithRefreshState> = {}): SessionWithRefreshState => ({
  id: 'session',
  accountId: 'account',
  userId: 'user',
  appType: 'CONTROL_PANEL',
  authenticatedAt: moment(0),
  lastActivityAt: moment(0),
  idleSeconds: IDLE,
  absoluteSeconds: ABSOLUTE,
  idleExpiresAt: moment(IDLE),
  absoluteExpiresAt: moment(ABSOLUTE),
  generation: 5,
  rotatedAt: moment(100),
  // When generations 3, 2 and 1 were replaced; generation 0 is older than what the row remembers.
  recentRotations: [moment(97), moment(94), moment(30)],
  tokenExpiresAt: moment(IDLE),
  tokenIdleSeconds: IDLE,
  tokenAbsoluteSeconds: ABSOLUTE,
  tokenSecret: Buffer.alloc(32, 7),
  refreshRequestHash: null,
  reauthenticatedGeneration: null,
  isImported: false,
  importedSubject: null,
  isPersistent: true,
  ipAddress: null,
  userAgent: null,
  endedAt: null,
  endReason: null,
  ...changes,
});

const marked = (endReason: SessionEndReason, at: number): Partial<SessionWithRefreshState> => ({
  endedAt: moment(at),
  endReason,
});
const consumed = { generation: 6, rotatedAt: moment(ABSOLUTE + 1), ...marked('ABSOLUTE_TIMEOUT', ABSOLUTE) };
const replayable = { refreshRequestHash: sha256('mine') };
const idleRefusal: RefreshDecision = { action: 'refuse-idle', expiredAt: moment(IDLE) };
const consumption: RefreshDecision = { action: 'consume', expiredAt: moment(ABSOLUTE) };
const refusal: RefreshDecision = { action: 'refuse' };
const race: RefreshDecision = { action: 'refuse', isRace: true };
const reuse: RefreshDecision = { action: 'end-for-reuse' };
const absoluteRefusal: RefreshDecision = {
  action: 'refuse',
  endReason: 'ABSOLUTE_TIMEOUT',
  endedAt: moment(ABSOLUTE),
};
const endRefusal: RefreshDecision = { action: 'refuse', endReason: 'LOGOUT', endedAt: moment(200) };

interface Case {
  /** How many rotations ago the presented token was live; the row is at generation 5 unless it says otherwise. */
  age: number;
  at: number;
  row?: Partial<SessionWithRefreshState>;
  requestId?: string;
  /** Where the node or the database took its time over it. */
  presentedAt?: number;
  expected: RefreshDecision;
}

const cases: Record<string, Case> = {
  'the live token rotates': { age: 0, at: 200, expected: { action: 'rotate' } },
  'the live token rotates a moment before the idle deadline': {
    age: 0,
    at: IDLE - 0.001,
    expected: { action: 'rotate' },
  },
  'at the idle deadline it is idle-expired': { age: 0, at: IDLE, expected: idleRefusal },
  'a marked row is idle-expired alike': {
    age: 0,
    at: IDLE + 60,
    row: marked('IDLE_TIMEOUT', IDLE),
    expected: idleRefusal,
  },
  'with both deadlines past it is consumed': { age: 0, at: ABSOLUTE, expected: consumption },
  'a row marked as idle is consumed when the absolute deadline is past, too': {
    age: 0,
    at: ABSOLUTE,
    row: marked('IDLE_TIMEOUT', IDLE),
    expected: consumption,
  },
  'a row marked as absolute is consumed': {
    age: 0,
    at: ABSOLUTE,
    row: marked('ABSOLUTE_TIMEOUT', ABSOLUTE),
    expected: consumption,
  },
  'a session that was ended is refused with its reason': {
    age: 0,
    at: 300,
    row: marked('LOGOUT', 200),
    expected: endRefusal,
  },
  'also when its deadlines are past': { age: 0, at: 9_999, row: marked('LOGOUT', 200), expected: endRefusal },
  'also for an old token, without talk of reuse': {
    age: 3,
    at: 9_999,
    row: marked('LOGOUT', 200),
    expected: endRefusal,
  },
  'the parent is replayed inside the grace': {
    age: 1,
    at: 100 + GRACE - 0.001,
    expected: { action: 'replay' },
  },
  'the parent is reuse when the grace is over': { age: 1, at: 100 + GRACE, expected: reuse },
  'the parent with its requestId is replayed at any time': {
    age: 1,
    at: 900,
    row: replayable,
    requestId: 'mine',
    expected: { action: 'replay' },
  },
  'the parent with another requestId is reuse': {
    age: 1,
    at: 900,
    row: replayable,
    requestId: 'not mine',
    expected: reuse,
  },
  'the parent without the requestId is reuse': { age: 1, at: 900, row: replayable, expected: reuse },
  'a requestId proves nothing where the rotation had none': {
    age: 1,
    at: 900,
    requestId: 'mine',
    expected: reuse,
  },
  'a grandparent is refused inside the grace of its own replacement': {
    age: 2,
    at: 97 + GRACE - 0.001,
    expected: race,
  },
  'a grandparent is reuse when that grace is over, however recently the parent was replaced': {
    age: 2,
    at: 97 + GRACE,
    expected: reuse,
  },
  'so is one generation before it': { age: 3, at: 94 + GRACE - 0.001, expected: race },
  'and that is reuse when its own grace is over': { age: 3, at: 94 + GRACE, expected: reuse },
  'one that was replaced a minute ago is reuse': { age: 4, at: 100, expected: reuse },
  'one that the row does not remember was replaced before all that it does': {
    age: 5,
    at: 100,
    expected: reuse,
  },
  'where nothing is remembered the last replacement counts': {
    age: 4,
    at: 100 + GRACE - 0.001,
    row: { recentRotations: [] },
    expected: race,
  },
  'and no longer than its grace': {
    age: 4,
    at: 100 + GRACE,
    row: { recentRotations: [] },
    expected: reuse,
  },
  'beyond a hundred rotations within the grace it is reuse': {
    age: 102,
    at: 100,
    row: { generation: 200, recentRotations: Array.from({ length: 100 }, () => moment(100)) },
    expected: reuse,
  },
  'the hundredth is not': {
    age: 101,
    at: 100,
    row: { generation: 200, recentRotations: Array.from({ length: 100 }, () => moment(100)) },
    expected: race,
  },
  'a token that came within the grace and is judged after it is a racing tab’s': {
    age: 2,
    at: 97 + GRACE + 5,
    presentedAt: 97 + GRACE - 0.001,
    expected: race,
  },
  'so is its parent’s replay': {
    age: 1,
    at: 100 + GRACE + 5,
    presentedAt: 100 + GRACE - 0.001,
    expected: { action: 'replay' },
  },
  'the requestId of the parent does not help an older token': {
    age: 2,
    at: 900,
    row: replayable,
    requestId: 'mine',
    expected: reuse,
  },
  'a token of the future is refused': { age: -1, at: 200, expected: refusal },
  'a replay finds an idle-expired session': {
    age: 1,
    at: IDLE,
    row: replayable,
    requestId: 'mine',
    expected: idleRefusal,
  },
  'a replay finds an absolute-expired session': {
    age: 1,
    at: ABSOLUTE,
    row: replayable,
    requestId: 'mine',
    expected: consumption,
  },
  'a parent past its grace is refused when the session has run out': {
    age: 1,
    at: IDLE,
    expected: { action: 'refuse', endReason: 'IDLE_TIMEOUT', endedAt: moment(IDLE) },
  },
  'an older token is refused when the session has run out': {
    age: 2,
    at: ABSOLUTE,
    expected: absoluteRefusal,
  },
  'the consumed token of an absolute-expired session is refused': {
    age: 1,
    at: ABSOLUTE + 2,
    row: consumed,
    expected: absoluteRefusal,
  },
  'so is the one before it': { age: 2, at: ABSOLUTE + 2, row: consumed, expected: absoluteRefusal },
};

const claimsOfAge = (row: SessionWithRefreshState, age: number) =>
  tokens.read(tokens.mint({ ...row, generation: row.generation - age }), row.rotatedAt)!;

test.each(Object.entries(cases))('%s', (_, { age, at, row: changes, requestId, presentedAt, expected }) => {
  const row = session(changes);
  const decision = decideRefresh(row, {
    claims: claimsOfAge(row, age),
    requestHash: requestId === undefined ? null : sha256(requestId),
    presentedAt: moment(presentedAt ?? at),
    now: moment(at),
    graceSeconds: GRACE,
  });
  expect(decision).toEqual(expected);
});

test('a grace of zero replays nothing', () => {
  const row = session();
  const question = {
    claims: claimsOfAge(row, 1),
    requestHash: null,
    presentedAt: row.rotatedAt,
    now: row.rotatedAt,
    graceSeconds: 0,
  };
  expect(decideRefresh(row, question)).toEqual(reuse);
});

describe('a token that does not belong to the row learns nothing, not even how the session ended', () => {
  const row = session(marked('LOGOUT', 200));
  const claims = claimsOfAge(row, 0);
  test.each([
    ['no row', null, claims],
    ['another user', row, { ...claims, userId: 'other' }],
    ['another session', row, { ...claims, sessionId: 'other' }],
    ['a guessed jti', row, { ...claims, jti: 'guessed' }],
    ['a jti of another generation', row, { ...claims, generation: 4 }],
    ['a legacy token of a session that was not imported', row, { ...claims, jti: row.id, isLegacy: true }],
  ])('%s', (_, found, presented) => {
    const question = {
      claims: presented,
      requestHash: null,
      presentedAt: moment(300),
      now: moment(300),
      graceSeconds: GRACE,
    };
    expect(decideRefresh(found, question)).toEqual(refusal);
  });
});

test('a legacy token is the live one of an imported session at generation 0', () => {
  const row = session({ isImported: true, generation: 0, idleSeconds: null, absoluteSeconds: null });
  const claims = { userId: 'user', sessionId: 'session', generation: 0, jti: 'session', isLegacy: true };
  const question = {
    claims,
    requestHash: null,
    presentedAt: moment(200),
    now: moment(200),
    graceSeconds: GRACE,
  };
  expect(decideRefresh(row, question)).toEqual({ action: 'rotate' });
  expect(decideRefresh({ ...row, generation: 1 }, question)).toEqual(reuse);
});

test('after any rotations, an old token is reuse exactly when its own grace is over', () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 150 });
  fc.assert(
    fc.property(pauses, fc.nat(149), fc.integer({ min: 0, max: 60_000 }), (given, which, wait) => {
      // What the row and its trigger keep, and beside it everything that ever happened.
      const replaced: number[] = [];
      let row = session({ generation: 0, rotatedAt: moment(0), recentRotations: [] });
      let at = T0;
      for (const pause of given) {
        at += pause;
        const all = [row.rotatedAt, ...row.recentRotations];
        const recent = all.filter((time) => time.getTime() > at - 60_000).length;
        const recentRotations = row.generation === 0 ? [] : all.slice(0, Math.min(recent + 1, 100));
        row = { ...row, generation: row.generation + 1, rotatedAt: new Date(at), recentRotations };
        replaced.push(at);
      }
      const generation = which % replaced.length;
      const now = new Date(at + wait);
      const live = { ...row, idleExpiresAt: new Date(now.getTime() + 1), absoluteExpiresAt: moment(1e7) };
      const age = row.generation - generation;
      const { action } = decideRefresh(live, {
        claims: claimsOfAge(live, age),
        requestHash: null,
        presentedAt: now,
        now,
        graceSeconds: GRACE,
      });
      const isInGrace = now.getTime() < replaced[generation]! + GRACE * SECOND && age <= 101;
      expect(action).toBe(!isInGrace ? 'end-for-reuse' : age === 1 ? 'replay' : 'refuse');
    }),
    { numRuns: 1_000 },
  );
});
