import { createHash } from 'node:crypto';
import type { SessionEndReason } from '../generated/schema.ts';
import { createRefreshTokens } from '../tokens/refresh-token.ts';
import { toRefreshKey } from '../tokens/signing-keys.ts';
import { judgeRefresh, type RefreshDecision } from './session.refresh.ts';
import type { RenewableSession } from './session.ts';

const T0 = Date.UTC(2026, 0, 1);
const SECOND = 1_000;
const GRACE = 10;
const IDLE = 1_800;
const ABSOLUTE = 3_600;
const moment = (seconds: number): Date => new Date(T0 + seconds * SECOND);
const hashOf = (requestId: string): Uint8Array => createHash('sha256').update(requestId).digest();

const tokens = createRefreshTokens({
  keys: [toRefreshKey('a secret for tests of thirty-two bytes')],
  issuer: 'http://localhost',
});

const session = (changes: Partial<RenewableSession> = {}): RenewableSession => ({
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
  tokenExpiresAt: moment(IDLE),
  tokenIdleSeconds: IDLE,
  tokenAbsoluteSeconds: ABSOLUTE,
  tokenSecret: Buffer.alloc(32, 7),
  refreshRequestHash: null,
  isImported: false,
  importedSubject: null,
  ipAddress: null,
  userAgent: null,
  endedAt: null,
  endReason: null,
  ...changes,
});

const marked = (endReason: SessionEndReason, at: number): Partial<RenewableSession> => ({
  endedAt: moment(at),
  endReason,
});
const consumed = { generation: 6, rotatedAt: moment(ABSOLUTE + 1), ...marked('ABSOLUTE_TIMEOUT', ABSOLUTE) };
const replayable = { refreshRequestHash: hashOf('mine') };
const idleRefusal: RefreshDecision = { action: 'refuse-idle', expiredAt: moment(IDLE) };
const consumption: RefreshDecision = { action: 'consume', expiredAt: moment(ABSOLUTE) };
const refusal: RefreshDecision = { action: 'refuse' };
const reuse: RefreshDecision = { action: 'end-for-reuse' };
const endRefusal: RefreshDecision = { action: 'refuse', endReason: 'LOGOUT', endedAt: moment(200) };

interface Case {
  /** How many rotations ago the presented token was live; the row is at generation 5 unless it says otherwise. */
  age: number;
  at: number;
  row?: Partial<RenewableSession>;
  requestId?: string;
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
  'an older token is refused inside the grace': { age: 2, at: 100 + GRACE - 0.001, expected: refusal },
  'an older token is reuse when the grace is over': { age: 2, at: 100 + GRACE, expected: reuse },
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
  'a parent past its grace is refused when the session has run out': { age: 1, at: IDLE, expected: refusal },
  'an older token is refused when the session has run out': { age: 2, at: ABSOLUTE, expected: refusal },
  'the consumed token of an absolute-expired session is refused': {
    age: 1,
    at: ABSOLUTE + 2,
    row: consumed,
    expected: refusal,
  },
  'so is the one before it': { age: 2, at: ABSOLUTE + 2, row: consumed, expected: refusal },
};

const claimsOfAge = (row: RenewableSession, age: number) =>
  tokens.read(tokens.mint({ ...row, generation: row.generation - age }))!;

test.each(Object.entries(cases))('%s', (_, { age, at, row: changes, requestId, expected }) => {
  const row = session(changes);
  const decision = judgeRefresh(row, {
    claims: claimsOfAge(row, age),
    requestHash: requestId === undefined ? null : hashOf(requestId),
    now: moment(at),
    graceSeconds: GRACE,
  });
  expect(decision).toEqual(expected);
});

test('a grace of zero replays nothing', () => {
  const row = session();
  const question = { claims: claimsOfAge(row, 1), requestHash: null, now: row.rotatedAt, graceSeconds: 0 };
  expect(judgeRefresh(row, question)).toEqual(reuse);
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
    const question = { claims: presented, requestHash: null, now: moment(300), graceSeconds: GRACE };
    expect(judgeRefresh(found, question)).toEqual(refusal);
  });
});

test('a legacy token is the live one of an imported session at generation 0', () => {
  const row = session({ isImported: true, generation: 0, idleSeconds: null, absoluteSeconds: null });
  const claims = { userId: 'user', sessionId: 'session', generation: 0, jti: 'session', isLegacy: true };
  const question = { claims, requestHash: null, now: moment(200), graceSeconds: GRACE };
  expect(judgeRefresh(row, question)).toEqual({ action: 'rotate' });
  expect(judgeRefresh({ ...row, generation: 1 }, question)).toEqual(reuse);
});
