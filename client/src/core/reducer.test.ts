import fc from 'fast-check';
import { ANA, BEN, createFakeServer } from '../testing/fake-server.ts';
import type { Effect } from './effects.ts';
import { RefusedError, UnreachableError } from './errors.ts';
import type { Occurrence, TimerName } from './events.ts';
import { reduce } from './reducer.ts';
import type { SessionExpiryEvent } from './session-expiry-event.ts';
import type { TokenSet } from './session-state.ts';
import { initialState, type WatcherConfig, type WatcherState } from './state.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const NOON = Date.parse('2026-03-01T12:00:00.000Z');
const COOKIE: WatcherConfig = {
  isRotating: true,
  hasApplicationSignOut: false,
  reauthenticatesAt: 'curfew',
};

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();
/** The tokens of session number `index`, as of `at`. */
function tokensOf(index = 1, at = NOON, user = ANA): TokenSet {
  const server = createFakeServer(() => at);
  for (let other = 1; other < index; other += 1) server.signIn(user);
  return server.signIn(user);
}
const TOKENS = tokensOf();
const SESSION = TOKENS.session.id;
const WARNED = 25 * MINUTE + 3 * SECOND;

const trip = (at = NOON) => ({ sentAt: at, receivedAt: at });
const refused = (code: string, endReason: string | null = null) => new RefusedError(code, endReason, code);

/** An expiry event of the session, as of `at`. */
const expiryEvent = (
  kind: SessionExpiryEvent['kind'],
  at: number,
  changes: Partial<SessionExpiryEvent> = {},
): SessionExpiryEvent => ({
  kind,
  reason: 'IDLE',
  endReason: null,
  sessionId: SESSION,
  expiresAt: TOKENS.session.idleExpiresAt,
  secondsRemaining: 300,
  canExtend: true,
  canReauthenticate: true,
  idleExpiresAt: TOKENS.session.idleExpiresAt,
  absoluteExpiresAt: TOKENS.session.absoluteExpiresAt,
  serverTime: iso(at),
  ...changes,
});

/** A hidden page says so; every other event happens in a visible one. */
type Moment = [after: number, occurrence: Occurrence, options?: { isHidden: boolean }];

function run(moments: Moment[], config = COOKIE): { state: WatcherState; effects: Effect[] } {
  let state = initialState(config);
  let effects: Effect[] = [];
  for (const [after, occurrence, { isHidden } = { isHidden: false }] of moments)
    ({ state, effects } = reduce(state, { ...occurrence, at: NOON + after, isVisible: !isHidden }));
  return { state, effects };
}

const START: Moment = [0, { type: 'start', dismissal: null }];
const SIGNED_IN: Moment = [0, { type: 'sign-in', tokens: TOKENS, dismissal: null }];
const OVER: Moment = [MINUTE, { type: 'socket-over', reason: 'REVOKED_BY_OWNER' }];
const UP: Moment = [SECOND, { type: 'socket-changed', isConnected: true }];
const DOWN: Moment[] = [
  [MINUTE, { type: 'socket-changed', isConnected: false }],
  [MINUTE, { type: 'request-settled', isReached: false }],
];
const refreshFailed = (after: number, id: number, error: unknown): Moment => [
  after,
  { type: 'refresh-failed', id, error },
];

const AUTHENTICATING: Moment[] = [SIGNED_IN, [MINUTE, { type: 'reauthentication-requested', call: 7 }]];
const reauthenticationFailed = (error: unknown): Moment => [
  MINUTE,
  { type: 'reauthentication-failed', id: 1, error },
];
/** The same session, authenticated again a minute later. */
const AGAIN = tokensOf(1, NOON + MINUTE);
const LATER = { idleExpiresAt: iso(NOON + 31 * MINUTE), absoluteExpiresAt: iso(NOON + 721 * MINUTE) };

describe('each event has its effects, and what is shown follows', () => {
  interface Row {
    name: string;
    moments: Moment[];
    config?: WatcherConfig;
    shown?: object;
    effects?: object[];
    /** Types of effects that the last event must not have. */
    not?: Effect['type'][];
  }
  const rows: Row[] = [
    {
      name: 'a start looks for the session of the cookie',
      moments: [START],
      shown: { status: 'starting' },
      effects: [{ type: 'attach' }, { type: 'refresh', userActive: false }],
    },
    {
      name: 'a second start does nothing',
      moments: [START, START],
      not: ['attach', 'refresh'],
    },
    {
      name: 'tokens that are found begin the session, and the other tabs hear of it',
      moments: [START, [100, { type: 'refreshed', id: 3, tokens: TOKENS, isReplay: false, ...trip() }]],
      shown: { status: 'active', session: { id: SESSION } },
      effects: [{ type: 'open-socket' }, { type: 'post', event: { kind: 'signed-in', sessionId: SESSION } }],
    },
    {
      name: 'a refusal without a session is no end',
      moments: [START, refreshFailed(100, 3, refused('INVALID_REFRESH_TOKEN'))],
      shown: { status: 'none', ending: null },
      not: ['set-timer'],
    },
    {
      name: 'an unreachable server is tried again later',
      moments: [START, refreshFailed(100, 3, new UnreachableError('down'))],
      shown: { status: 'starting' },
      effects: [{ type: 'set-timer', timer: 'find', minMs: SECOND }],
    },
    {
      name: 'a sign-in forgets the request of the session before',
      moments: [SIGNED_IN],
      shown: { status: 'active' },
      effects: [{ type: 'drop-refresh', forgetsRequest: true }, { type: 'open-socket' }],
    },
    {
      name: 'a token at hand is handed out',
      moments: [SIGNED_IN, [SECOND, { type: 'token-requested', call: 7 }]],
      effects: [{ type: 'resolve', call: 7, value: TOKENS.accessToken }],
      not: ['refresh'],
    },
    {
      name: 'a token that the server refuses is refreshed',
      moments: [SIGNED_IN, [SECOND, { type: 'token-requested', call: 7, refused: TOKENS.accessToken }]],
      effects: [{ type: 'refresh', userActive: false }],
      not: ['resolve'],
    },
    {
      name: 'a token of a session that is over is refused',
      moments: [SIGNED_IN, OVER, [2 * MINUTE, { type: 'token-requested', call: 7 }]],
      effects: [{ type: 'reject', call: 7, failure: { kind: 'over' } }],
    },
    {
      name: 'a warning of the server is shown at once',
      moments: [
        SIGNED_IN,
        [WARNED, { type: 'socket-received', event: expiryEvent('WARNING', NOON + WARNED) }],
      ],
      shown: { warning: 'soon', reason: 'IDLE', canExtend: true },
    },
    {
      name: 'an event older than what is known changes nothing',
      moments: [
        SIGNED_IN,
        [SECOND, { type: 'socket-received', event: expiryEvent('WARNING', NOON - SECOND) }],
      ],
      shown: { warning: 'none' },
    },
    {
      name: 'a shortened session is read again, within five seconds',
      moments: [
        SIGNED_IN,
        [MINUTE, { type: 'socket-received', event: expiryEvent('SHORTENED', NOON + MINUTE) }],
      ],
      effects: [{ type: 'set-timer', timer: 'spread', minMs: 0, maxMs: 5 * SECOND }],
    },
    {
      name: 'an end over the socket is told to the other tabs',
      moments: [SIGNED_IN, OVER],
      shown: { status: 'over', ending: { kind: 'ended', endReason: 'REVOKED_BY_OWNER' }, warning: 'none' },
      effects: [
        { type: 'close-socket' },
        { type: 'drop-refresh', forgetsRequest: true },
        { type: 'post', event: { kind: 'over', sessionId: SESSION } },
      ],
    },
    {
      name: 'an end from another tab is not told on',
      moments: [
        SIGNED_IN,
        [
          MINUTE,
          { type: 'tab-received', event: { kind: 'over', sessionId: SESSION, ending: { kind: 'left' } } },
        ],
      ],
      shown: { status: 'over', ending: { kind: 'left' } },
      not: ['post'],
    },
    {
      name: 'an expected end is the user’s own sign-out',
      moments: [
        SIGNED_IN,
        [SECOND, { type: 'sign-out-expected', sessionId: SESSION, isExpected: true }],
        OVER,
      ],
      shown: { status: 'over', ending: { kind: 'left' } },
    },
    {
      name: 'past the idle deadline nothing is claimed while the server cannot be reached',
      moments: [
        SIGNED_IN,
        ...DOWN,
        [31 * MINUTE, { type: 'check-requested', call: 7 }],
        refreshFailed(31 * MINUTE, 2, new UnreachableError('down')),
      ],
      shown: { status: 'unconfirmed', warning: 'none' },
      effects: [{ type: 'resolve', call: 7 }],
    },
    {
      name: 'activity is sent at once after a pause',
      moments: [SIGNED_IN, [2 * MINUTE, { type: 'user-active' }]],
      effects: [{ type: 'touch-session', purpose: 'activity', token: TOKENS.accessToken }],
    },
    {
      name: 'reading is activity until a warning is shown, which asks for an explicit click or key',
      moments: [
        SIGNED_IN,
        [WARNED, { type: 'socket-received', event: expiryEvent('WARNING', NOON + WARNED) }],
        [WARNED + 2 * SECOND, { type: 'user-reading' }],
      ],
      shown: { warning: 'soon' },
      not: ['touch-session', 'refresh'],
    },
    {
      name: 'reading without a warning is activity',
      moments: [SIGNED_IN, [2 * MINUTE, { type: 'user-reading' }]],
      effects: [{ type: 'touch-session', purpose: 'activity', token: TOKENS.accessToken }],
    },
    {
      name: 'activity in a hidden page does not count',
      moments: [SIGNED_IN, [2 * MINUTE, { type: 'user-active' }, { isHidden: true }]],
      not: ['touch-session', 'refresh'],
    },
    {
      name: 'a choice to stay refreshes where that is activity',
      moments: [SIGNED_IN, [MINUTE, { type: 'stay-requested', call: 7 }]],
      shown: { extending: 'yes' },
      effects: [{ type: 'refresh', userActive: true }],
    },
    {
      name: 'a choice to stay touches the session where a refresh is not activity',
      config: { ...COOKIE, isRotating: false, hasApplicationSignOut: true },
      moments: [SIGNED_IN, [MINUTE, { type: 'stay-requested', call: 7 }]],
      shown: { extending: 'yes' },
      effects: [{ type: 'touch-session', purpose: 'stay' }],
    },
    {
      name: 'a new authentication is sent with the token at hand, and is no part of the state',
      moments: [SIGNED_IN, [MINUTE, { type: 'reauthentication-requested', call: 7 }]],
      shown: { reauthentication: 'pending' },
      effects: [{ type: 'reauthenticate', call: 7, token: TOKENS.accessToken }],
      not: ['refresh'],
    },
    {
      name: 'a new authentication also uses a token that lasts for a second only',
      moments: [SIGNED_IN, [5 * MINUTE - SECOND, { type: 'reauthentication-requested', call: 7 }]],
      effects: [{ type: 'reauthenticate', call: 7 }],
      not: ['refresh'],
    },
    {
      name: 'a token that is refused for its age is refreshed before the next try',
      moments: [...AUTHENTICATING, reauthenticationFailed(refused('UNAUTHENTICATED'))],
      shown: { reauthentication: 'pending' },
      effects: [{ type: 'refresh', userActive: false }],
      not: ['reject'],
    },
    {
      name: 'a refusal of the credentials leaves everything else as it was',
      moments: [...AUTHENTICATING, reauthenticationFailed(refused('INVALID_CREDENTIALS'))],
      shown: { status: 'active', reauthentication: 'possible' },
      effects: [
        { type: 'reject', call: 7, failure: { kind: 'not-authenticated', code: 'INVALID_CREDENTIALS' } },
      ],
      not: ['refresh', 'post'],
    },
    {
      name: 'a refusal of the session ends it',
      moments: [...AUTHENTICATING, reauthenticationFailed(refused('SESSION_EXPIRED_ABSOLUTE'))],
      shown: { status: 'over', reauthentication: 'impossible', ending: { limit: 'absolute' } },
      effects: [{ type: 'reject', call: 7, failure: { kind: 'over' } }],
    },
    {
      name: 'an end from elsewhere rejects the call, and another tab is no longer waited for',
      moments: [...AUTHENTICATING, [MINUTE, { type: 'socket-over', reason: 'REVOKED_BY_OWNER' }]],
      effects: [{ type: 'drop-reauthentication' }, { type: 'reject', call: 7, failure: { kind: 'over' } }],
    },
    {
      name: 'new tokens after a new authentication go to the other tabs as an extension',
      moments: [
        ...AUTHENTICATING,
        [MINUTE, { type: 'reauthenticated', id: 1, tokens: AGAIN, ...trip(NOON + MINUTE) }],
      ],
      shown: { session: { authenticatedAt: NOON + MINUTE }, reauthentication: 'possible' },
      effects: [
        { type: 'post', event: { kind: 'extended', session: AGAIN.session } },
        { type: 'resolve', call: 7 },
      ],
    },
    {
      name: 'an extension that this tab did not know of is followed by a reading',
      moments: [
        SIGNED_IN,
        [MINUTE, { type: 'socket-received', event: expiryEvent('EXTENDED', NOON + MINUTE, LATER) }],
      ],
      effects: [{ type: 'read-session' }],
    },
    {
      name: 'an extension that this tab has just made is not',
      moments: [
        SIGNED_IN,
        [SECOND, { type: 'socket-received', event: expiryEvent('EXTENDED', NOON + SECOND) }],
      ],
      not: ['read-session'],
    },
    {
      name: 'a return after a minute checks first, and holds what is shown',
      moments: [SIGNED_IN, [MINUTE, { type: 'page-returned' }]],
      effects: [
        { type: 'set-timer', timer: 'hold' },
        { type: 'read-session', token: TOKENS.accessToken },
      ],
    },
    {
      name: 'a return within five seconds of an answer asks for nothing',
      moments: [SIGNED_IN, [4 * SECOND, { type: 'page-returned' }]],
      not: ['read-session', 'refresh'],
    },
    {
      name: 'after a sleep no event shows a warning before the server was asked',
      moments: [SIGNED_IN, [26 * MINUTE, { type: 'timer', timer: 'poll' }]],
      shown: { warning: 'none' },
      effects: [{ type: 'set-timer', timer: 'heartbeat', minMs: 0 }],
    },
    {
      name: 'an end that comes during a sign-out waits for it',
      config: { ...COOKIE, isRotating: false, hasApplicationSignOut: true },
      moments: [
        SIGNED_IN,
        [SECOND, { type: 'sign-out-requested', call: 7 }],
        [SECOND, { type: 'signed-out' }],
        [2 * SECOND, { type: 'socket-over', reason: 'LOGOUT' }],
      ],
      shown: { status: 'active' },
      not: ['post', 'resolve'],
    },
    {
      name: 'a sign-in of the same user in another tab is followed with a token of its own',
      moments: [
        SIGNED_IN,
        [
          MINUTE,
          {
            type: 'tab-received',
            event: {
              kind: 'signed-in',
              sessionId: 'newer',
              userId: ANA.id,
              authenticatedAt: NOON + MINUTE,
            },
          },
        ],
      ],
      shown: { status: 'starting', session: null, user: ANA },
      effects: [{ type: 'drop-refresh', forgetsRequest: false }, { type: 'refresh' }],
      not: ['abort-requests'],
    },
    {
      name: 'a sign-in of another user replaces the page',
      moments: [
        SIGNED_IN,
        [
          MINUTE,
          {
            type: 'tab-received',
            event: {
              kind: 'signed-in',
              sessionId: 'newer',
              userId: BEN.id,
              authenticatedAt: NOON + MINUTE,
            },
          },
        ],
      ],
      effects: [{ type: 'detach' }, { type: 'replace-page' }],
    },
    {
      name: 'a socket that only blinks is not shown',
      moments: [SIGNED_IN, [MINUTE, { type: 'socket-changed', isConnected: false }]],
      shown: { connection: 'live' },
      effects: [{ type: 'set-timer', timer: 'blink', minMs: 2 * SECOND }],
    },
    {
      name: 'a poll of a hidden page asks for nothing',
      moments: [SIGNED_IN, ...DOWN, [2 * MINUTE, { type: 'timer', timer: 'poll' }, { isHidden: true }]],
      not: ['read-session', 'refresh'],
    },
    {
      name: 'the first poll after the socket came up asks for what changed before',
      moments: [SIGNED_IN, UP, [30 * SECOND, { type: 'timer', timer: 'poll' }]],
      effects: [{ type: 'read-session', token: TOKENS.accessToken }],
    },
    {
      name: 'a poll while the socket is up asks for nothing once the server has answered',
      moments: [
        SIGNED_IN,
        UP,
        [30 * SECOND, { type: 'timer', timer: 'poll' }],
        [
          31 * SECOND,
          {
            type: 'session-read',
            id: 1,
            session: TOKENS.session,
            serverTime: iso(NOON + 31 * SECOND),
            ...trip(NOON + 31 * SECOND),
          },
        ],
        [60 * SECOND, { type: 'timer', timer: 'poll' }],
      ],
      not: ['read-session', 'refresh'],
    },
    {
      name: 'a stop rejects those who wait for a token',
      moments: [
        SIGNED_IN,
        [SECOND, { type: 'token-requested', call: 7, refused: TOKENS.accessToken }],
        [2 * SECOND, { type: 'stop' }],
      ],
      effects: [{ type: 'detach' }, { type: 'reject', call: 7, failure: { kind: 'over' } }],
    },
  ];

  test.each(rows)('$name', ({ moments, config, shown = {}, effects: expected = [], not = [] }) => {
    const { state, effects } = run(moments, config);
    expect(state.view).toMatchObject(shown);
    for (const effect of expected) expect(effects).toContainEqual(expect.objectContaining(matching(effect)));
    expect(effects.map(({ type }) => type).filter((type) => not.includes(type))).toEqual([]);
  });

  /** Matches nested objects by the properties that are given, too. */
  function matching(effect: object): object {
    return Object.fromEntries(
      Object.entries(effect).map(([key, value]) => [
        key,
        typeof value === 'object' ? expect.objectContaining(value) : value,
      ]),
    );
  }
});

describe('any history', () => {
  const TIMERS: TimerName[] = ['heartbeat', 'find', 'hold', 'blink', 'poll', 'spread', 'activity'];
  const ERRORS = [
    new UnreachableError('down'),
    refused('UNAUTHENTICATED'),
    refused('UNAUTHENTICATED', 'REVOKED_BY_OWNER'),
    refused('INVALID_REFRESH_TOKEN', 'LOGOUT'),
    refused('SESSION_EXPIRED_IDLE'),
    refused('INVALID_REFRESH_TOKEN'),
    refused('INVALID_CREDENTIALS'),
  ];
  const KINDS = [
    'start',
    'sign-in',
    'stop',
    'token',
    'stay',
    'check',
    'reauthenticate',
    'reauthenticated',
    'reauthentication-failed',
    'sign-out',
    'expected',
    'confirmed',
    'dismissed',
    'returned',
    'active',
    'settled',
    'refreshed',
    'refresh-failed',
    'read',
    'read-failed',
    'touched',
    'touch-failed',
    'signed-out',
    'socket',
    'received',
    'socket-over',
    'tab-sign-in',
    'tab-extended',
    'tab-over',
    'timer',
  ] as const;
  const move = fc.record({
    kind: fc.constantFrom(...KINDS),
    /** Chooses between the variants of an event. */
    pick: fc.nat(99),
    passed: fc.oneof(fc.nat(5 * SECOND), fc.nat(10 * MINUTE)),
    /** How old the knowledge in an answer is. */
    age: fc.oneof(fc.constant(0), fc.nat(5 * MINUTE)),
    isVisible: fc.boolean(),
  });
  type Move = typeof move extends fc.Arbitrary<infer M> ? M : never;

  /** Builds an event that fits what is in flight. */
  function occurrenceOf(
    { kind, pick, age }: Move,
    state: WatcherState,
    at: number,
    call: number,
  ): Occurrence {
    const error = ERRORS[pick % ERRORS.length]!;
    const readAt = at - age;
    const tokens = tokensOf(1 + (pick % 3), readAt, pick % 7 === 0 ? BEN : ANA);
    const session = { ...tokens.session, id: state.session?.id ?? tokens.session.id };
    const purpose = pick % 2 === 0 ? 'stay' : 'activity';
    const own = state.session?.id ?? SESSION;
    switch (kind) {
      case 'start':
        return { type: 'start', dismissal: null };
      case 'sign-in':
        return { type: 'sign-in', tokens: pick % 3 === 0 ? null : tokens, dismissal: null };
      case 'stop':
        return { type: 'stop' };
      case 'token':
        return { type: 'token-requested', call, refused: pick % 2 ? state.token?.value : undefined };
      case 'stay':
        return { type: 'stay-requested', call };
      case 'check':
        return { type: 'check-requested', call };
      case 'reauthenticate':
        return { type: 'reauthentication-requested', call };
      case 'reauthenticated': {
        const id = state.reauthentication?.id ?? pick;
        return {
          type: 'reauthenticated',
          id,
          tokens: pick % 2 ? { ...tokens, session } : tokens,
          ...trip(at),
        };
      }
      case 'reauthentication-failed':
        return { type: 'reauthentication-failed', id: state.reauthentication?.id ?? pick, error };
      case 'sign-out':
        return { type: 'sign-out-requested', call };
      case 'expected':
        return { type: 'sign-out-expected', sessionId: own, isExpected: pick % 2 === 0 };
      case 'confirmed':
        return { type: 'sign-out-confirmed' };
      case 'dismissed':
        return { type: 'warning-dismissed' };
      case 'returned':
        return { type: 'page-returned' };
      case 'active':
        return { type: pick % 4 === 0 ? 'user-reading' : 'user-active' };
      case 'settled':
        return { type: 'request-settled', isReached: pick % 2 === 0 };
      case 'refreshed': {
        const refreshed = pick % 2 ? { ...tokens, session } : tokens;
        const id = state.refresh?.id ?? pick;
        return { type: 'refreshed', id, tokens: refreshed, isReplay: pick % 5 === 0, ...trip(at) };
      }
      case 'refresh-failed':
        return { type: 'refresh-failed', id: state.refresh?.id ?? pick, error };
      case 'read':
        return {
          type: 'session-read',
          id: state.check?.id ?? pick,
          session,
          serverTime: iso(readAt),
          ...trip(at),
        };
      case 'read-failed':
        return { type: 'session-read-failed', id: state.check?.id ?? pick, error };
      case 'touched':
        return { type: 'touched', purpose, id: state.extensions[purpose]?.id ?? pick, session };
      case 'touch-failed':
        return { type: 'touch-failed', purpose, id: state.extensions[purpose]?.id ?? pick, error };
      case 'signed-out':
        return pick % 2 ? { type: 'signed-out' } : { type: 'sign-out-failed', error };
      case 'socket':
        return { type: 'socket-changed', isConnected: pick % 2 === 0 };
      case 'received': {
        const { idleExpiresAt } = session;
        const event = expiryEvent(pick % 2 ? 'WARNING' : 'EXTENDED', readAt, {
          sessionId: own,
          idleExpiresAt,
          expiresAt: idleExpiresAt,
        });
        return { type: 'socket-received', event };
      }
      case 'socket-over':
        return { type: 'socket-over', reason: pick % 2 ? 'UNAUTHENTICATED' : 'REVOKED_BY_OWNER' };
      case 'tab-sign-in': {
        const { id: userId } = tokens.user;
        const announced = { sessionId: `session-${pick % 4}`, userId, authenticatedAt: readAt };
        return {
          type: 'tab-received',
          event: { kind: pick % 2 ? 'signed-in' : 'session-here', ...announced },
        };
      }
      case 'tab-extended':
        return { type: 'tab-received', event: { kind: 'extended', session, knownAt: readAt } };
      case 'tab-over':
        return {
          type: 'tab-received',
          event: { kind: 'over', sessionId: own, ending: { kind: 'ended', endReason: 'REVOKED_BY_USER' } },
        };
      case 'timer':
        return { type: 'timer', timer: TIMERS[pick % TIMERS.length]! };
      default:
        return kind satisfies never;
    }
  }

  function freeze<T>(value: T): T {
    if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
    Object.values(value).forEach(freeze);
    return Object.freeze(value);
  }

  /** Plays the moves and calls `look` after each, with the state before it. */
  function play(
    moves: Move[],
    look: (
      before: WatcherState,
      after: WatcherState,
      effects: Effect[],
      event: Occurrence,
      /** When the server knew what the event says. */
      readAt: number,
    ) => void,
  ): void {
    let at = NOON;
    let state = initialState(COOKIE);
    let calls = 0;
    for (const each of [{ kind: 'sign-in', pick: 1, passed: 0, age: 0, isVisible: true } as Move, ...moves]) {
      at += each.passed;
      const occurrence = occurrenceOf(each, state, at, (calls += 1));
      // Frozen: a reducer that changed what it is given would throw.
      const result = reduce(freeze(state), { ...freeze(occurrence), at, isVisible: each.isVisible });
      look(state, result.state, result.effects, occurrence, at - each.age);
      ({ state } = result);
    }
  }

  const moves = fc.array(move, { maxLength: 60 });

  test('a session that is over stays over until another one is signed in to', () => {
    fc.assert(
      fc.property(moves, (all) =>
        play(all, (before, after, _effects, { type }) => {
          if (before.status !== 'over' || after.status === 'over') return;
          expect(['sign-in', 'tab-received']).toContain(type);
          if (after.status === 'starting') expect(after.session).toBeNull();
          else expect(after.session!.id).not.toBe(before.session?.id);
        }),
      ),
    );
  });

  test('older knowledge never undoes newer knowledge', () => {
    fc.assert(
      fc.property(moves, (all) =>
        play(all, (before, after, _effects, _event, readAt) => {
          if (!before.session || after.session?.id !== before.session.id) return;
          expect(after.knownAt).toBeGreaterThanOrEqual(before.knownAt);
          if (readAt < before.knownAt) expect(after.session).toBe(before.session);
        }),
      ),
    );
  });

  test('only an active session is warned of, so that no warning follows an end', () => {
    fc.assert(
      fc.property(moves, (all) =>
        play(all, (_before, { view }) => {
          if (view.status !== 'active') expect(view).toMatchObject({ warning: 'none', expiresAt: null });
        }),
      ),
    );
  });

  /** Found by chance: a check of a watcher that has just stopped. */
  const stopped: Move = { kind: 'stop', pick: 0, passed: 0, age: 0, isVisible: false };

  test('no call is answered twice, and none waits for a watcher that has stopped but for its last requests', () => {
    fc.assert(
      fc.property(moves, (all) => {
        const answered = new Set<number>();
        play(all, (_before, after, effects) => {
          for (const effect of effects) {
            if (effect.type !== 'resolve' && effect.type !== 'reject') continue;
            expect(answered.has(effect.call)).toBe(false);
            answered.add(effect.call);
          }
          if (after.isRunning) return;
          expect(after.find.tokenRequests).toEqual([]);
          expect(after.check?.waiters ?? []).toEqual([]);
          expect(after.refresh).toBeNull();
          expect(after.reauthentication).toBeNull();
        });
      }),
      { examples: [[[stopped, { ...stopped, kind: 'check' }]]] },
    );
  });

  test('a view with the values of before is the object of before', () => {
    fc.assert(
      fc.property(moves, (all) =>
        play(all, (before, after) => {
          if (JSON.stringify(after.view) === JSON.stringify(before.view))
            expect(after.view).toBe(before.view);
        }),
      ),
    );
  });
});
