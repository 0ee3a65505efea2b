import { refuse, refuseByTime, type ReauthenticateInput, type RefreshInput } from './fake-refusals.ts';
import { type SessionExpiryEvent } from '../core/session-expiry-event.ts';
import { type SessionAccessToken } from '../tokens/session-access-token.ts';
import { type TokenSet, type SessionFacts, type WatchedUser } from '../core/session-state.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const GRACE_MS = 10 * SECOND;
const MAX_FAILURES = 3;

/** Of every user. */
export const PASSWORD = 'correct horse battery';

export const ANA: WatchedUser = {
  id: 'user-ana',
  name: 'Ana',
  email: 'ana@example.test',
  role: 'OWNER',
  account: { id: 'account-1', name: 'Acme' },
};
export const BEN: WatchedUser = { ...ANA, id: 'user-ben', name: 'Ben', email: 'ben@example.test' };

interface Session {
  id: string;
  user: WatchedUser;
  authenticatedAt: number;
  lastActivityAt: number;
  idleMinutes: number;
  absoluteMinutes: number;
  generation: number;
  requestId: string | null;
  /** The generation that the last new authentication made, and its request id. */
  reauthenticated: { generation: number; requestId: string } | null;
  canReauthenticate: boolean;
  endReason: string | null;
}

/** A Curfew with the part of the contract that a watcher can see, and faults on demand. */
export function createFakeServer(now: () => number, { idleMinutes = 30, absoluteMinutes = 720 } = {}) {
  const sessions = new Map<string, Session>();
  const tokens = new Map<string, { session: Session; expiresAt: number }>();
  const sockets = new Set<FakeSocket>();
  let cookie: { session: Session; generation: number } | null = null;
  let issued = 0;
  let gate: Promise<void> | null = null;
  const faults = { isDown: false, socketsDown: false, losesAnswers: false, status: 200 };
  /** Faults of the application with its own sign-in. */
  const applicationFaults = { isDown: false, hangs: false, babbles: false, mixesUp: false, forgets: false };
  let atApplication: Session | null = null;
  const calls: string[] = [];
  const credentials = new Set<string | undefined>();
  const refreshes: RefreshInput[] = [];
  const reauthentications: ReauthenticateInput[] = [];
  const credentialFaults = { failures: 0 };
  const clockReadings: string[] = [];

  const absoluteOf = (session: Session) => session.authenticatedAt + session.absoluteMinutes * MINUTE;
  const idleOf = (session: Session) =>
    Math.min(session.lastActivityAt + session.idleMinutes * MINUTE, absoluteOf(session));
  const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

  function endOf(session: Session): string | null {
    if (session.endReason !== null) return session.endReason;
    if (now() >= absoluteOf(session)) return 'ABSOLUTE_TIMEOUT';
    return now() >= idleOf(session) ? 'IDLE_TIMEOUT' : null;
  }

  const describe = (session: Session): SessionFacts => ({
    id: session.id,
    authenticatedAt: iso(session.authenticatedAt),
    lastActivityAt: iso(session.lastActivityAt),
    idleExpiresAt: iso(idleOf(session)),
    absoluteExpiresAt: iso(absoluteOf(session)),
    idleMinutes: session.idleMinutes,
    absoluteMinutes: session.absoluteMinutes,
    idleWarningSeconds: Math.min(300, session.idleMinutes * 30),
    absoluteWarningSeconds: Math.min(300, session.absoluteMinutes * 30),
    canReauthenticate: session.canReauthenticate,
  });

  function issue(session: Session): TokenSet {
    const expiresAt = Math.min(now() + 300 * SECOND, idleOf(session), absoluteOf(session));
    const accessToken = `access-${(issued += 1)}`;
    tokens.set(accessToken, { session, expiresAt });
    return {
      accessToken,
      accessTokenExpiresAt: iso(expiresAt),
      serverTime: iso(now()),
      session: describe(session),
      user: { ...session.user },
    };
  }

  function refresh(input: RefreshInput): object {
    refreshes.push(input);
    const refusal = refuseByTime(input, now());
    if (refusal) return refusal;
    if (!cookie) return refuse('INVALID_REFRESH_TOKEN');
    const { session } = cookie;
    if (session.endReason !== null) return refuse('INVALID_REFRESH_TOKEN', { endReason: session.endReason });
    const age = session.generation - cookie.generation;
    const isReplaced = session.reauthenticated?.generation === session.generation;
    if (age === 1 && isReplaced && now() - session.authenticatedAt < GRACE_MS)
      return refuse('INVALID_REFRESH_TOKEN');
    if (age > 1 || (age === 1 && (isReplaced || session.requestId !== input.requestId))) {
      session.endReason = 'REFRESH_TOKEN_REUSED';
      return refuse('INVALID_REFRESH_TOKEN', { endReason: session.endReason });
    }
    const end = endOf(session);
    if (end !== null) return refuse(`SESSION_EXPIRED_${end.replace('_TIMEOUT', '')}`);
    if (age === 0) {
      session.generation += 1;
      session.requestId = input.requestId;
      if (input.userActive) session.lastActivityAt = now();
    }
    const tokenSet = issue(session);
    if (!faults.losesAnswers) cookie = { session, generation: session.generation };
    return { data: { refreshSession: tokenSet } };
  }

  function authenticate(session: Session): void {
    session.authenticatedAt = now();
    session.lastActivityAt = now();
  }

  function reauthenticate(session: Session, input: ReauthenticateInput): object {
    reauthentications.push(input);
    if (cookie?.session !== session) return refuse('INVALID_REFRESH_TOKEN');
    if (credentialFaults.failures >= MAX_FAILURES) return refuse('RATE_LIMITED', { retryAfterSeconds: 60 });
    if (input.password !== PASSWORD) {
      credentialFaults.failures += 1;
      return refuse('INVALID_CREDENTIALS');
    }
    const { reauthenticated, generation } = session;
    const isRepeat =
      reauthenticated?.generation === generation &&
      reauthenticated.requestId === input.requestId &&
      cookie.generation < generation;
    if (!isRepeat) {
      if (cookie.generation !== generation) return refuse('INVALID_REFRESH_TOKEN');
      session.generation += 1;
      session.reauthenticated = { generation: session.generation, requestId: input.requestId };
      authenticate(session);
    }
    const tokenSet = issue(session);
    if (!faults.losesAnswers) cookie = { session, generation: session.generation };
    return { data: { reauthenticate: tokenSet } };
  }

  function answer(
    operation: string,
    variables: { input: RefreshInput & ReauthenticateInput } | undefined,
    token: string | null,
  ): object {
    if (operation === 'CurfewTime') return { data: { serverTime: iso(now()) } };
    if (operation === 'CurfewRenew') return refresh(variables!.input);
    const holder = token === null ? undefined : tokens.get(token);
    const isGood = holder !== undefined && now() < holder.expiresAt && endOf(holder.session) === null;
    if (operation === 'CurfewSignOut') {
      const session = isGood ? holder.session : cookie?.session;
      if (session) end(session.id, 'LOGOUT');
      cookie = null;
      return { data: { logout: { ended: session !== undefined } } };
    }
    if (!isGood)
      return refuse('UNAUTHENTICATED', { endReason: (holder && endOf(holder.session)) ?? undefined });
    if (operation === 'CurfewReauthenticate') return reauthenticate(holder.session, variables!.input);
    if (operation === 'CurfewActivity') {
      holder.session.lastActivityAt = now();
      return { data: { touchSession: describe(holder.session) } };
    }
    const { session } = holder;
    const who = operation === 'CurfewFind' ? { user: { ...session.user } } : {};
    return { data: { currentSession: { ...describe(session), ...who }, serverTime: iso(now()) } };
  }

  async function respond(_url: unknown, init?: RequestInit): Promise<Response> {
    const { query, variables } = JSON.parse(String(init?.body));
    const operation = /(?:query|mutation) (\w+)/.exec(query)![1]!;
    (operation === 'CurfewTime' ? clockReadings : calls).push(operation);
    credentials.add(init?.credentials);
    const aborted = new Promise<never>((_, reject) =>
      init?.signal?.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError'))),
    );
    aborted.catch(() => {});
    if (faults.isDown) throw new TypeError('fetch failed');
    if (faults.status !== 200) return { status: faults.status } as Response;
    const authorization = new Headers(init?.headers).get('authorization');
    const body = answer(operation, variables, authorization?.replace('Bearer ', '') ?? null);
    if (gate) await Promise.race([gate, aborted]);
    if (faults.losesAnswers) throw new TypeError('fetch failed');
    return { status: 200, json: async () => JSON.parse(JSON.stringify(body)) } as Response;
  }

  function end(sessionId: string, endReason: string): void {
    const session = sessions.get(sessionId)!;
    session.endReason ??= endReason;
    for (const socket of sockets) if (socket.session === session) socket.drop(4401, session.endReason);
  }

  class FakeSocket {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    readyState = 0;
    session: Session | null = null;
    subscription: string | null = null;
    onopen: (() => void) | null = null;
    onclose: ((event: object) => void) | null = null;
    onerror: ((event: object) => void) | null = null;
    onmessage: ((event: object) => void) | null = null;

    constructor() {
      queueMicrotask(() => {
        if (faults.isDown || faults.socketsDown) {
          this.onerror?.(new Event('error'));
          return this.drop(1006, '');
        }
        this.readyState = 1;
        sockets.add(this);
        this.onopen?.();
      });
    }
    send(text: string): void {
      const message = JSON.parse(text);
      if (message.type === 'connection_init') {
        const holder = tokens.get(message.payload.accessToken);
        if (!holder) return queueMicrotask(() => this.drop(4401, 'UNAUTHENTICATED'));
        const end = endOf(holder.session);
        if (end !== null) return queueMicrotask(() => this.drop(4401, end));
        if (now() >= holder.expiresAt) return queueMicrotask(() => this.drop(4403, 'Access token expired'));
        this.session = holder.session;
        queueMicrotask(() => this.say({ type: 'connection_ack' }));
      }
      if (message.type === 'subscribe') this.subscription = message.id;
    }
    say(message: object): void {
      if (this.readyState === 1) this.onmessage?.({ data: JSON.stringify(message) });
    }
    close(code: number, reason: string): void {
      this.drop(code, reason);
    }
    drop(code: number, reason: string): void {
      if (this.readyState === 3) return;
      this.readyState = 3;
      sockets.delete(this);
      queueMicrotask(() => this.onclose?.({ code, reason, wasClean: true }));
    }
  }

  function open(user: WatchedUser): Session {
    const session: Session = {
      id: `session-${sessions.size + 1}`,
      user,
      authenticatedAt: now(),
      lastActivityAt: now(),
      idleMinutes,
      absoluteMinutes,
      generation: 0,
      requestId: null,
      reauthenticated: null,
      canReauthenticate: true,
      endReason: null,
    };
    sessions.set(session.id, session);
    return session;
  }

  return {
    fetch: respond as typeof fetch,
    WebSocket: FakeSocket,
    faults,
    /** The names of all operations, except for readings of the clock. */
    calls,
    clockReadings,
    /** The `credentials` of all requests. */
    credentials,
    refreshes,
    reauthentications,
    get openSockets() {
      return sockets.size;
    },
    /** Signs a user in with a new session, whose cookie the browser gets. */
    signIn(user: WatchedUser = ANA): TokenSet {
      const session = open(user);
      cookie = { session, generation: 0 };
      return issue(session);
    },
    /** An application on another origin with its own sign-in, as its page sees it. */
    application: {
      faults: applicationFaults,
      signIn: (user: WatchedUser = ANA): string => (atApplication = open(user)).id,
      /** The answer of its back end: `issueSessionAccessToken` for the session of its cookie. */
      async getSessionAccessToken(): Promise<SessionAccessToken | null> {
        calls.push('application');
        await Promise.resolve();
        if (applicationFaults.hangs) return new Promise(() => {});
        if (applicationFaults.isDown) throw new TypeError('fetch failed');
        if (applicationFaults.babbles) return undefined as unknown as null;
        if (!atApplication || applicationFaults.forgets || endOf(atApplication) !== null) return null;
        const { accessToken, accessTokenExpiresAt } = issue(atApplication);
        const token = applicationFaults.mixesUp ? 'of-somebody-else' : accessToken;
        return { accessToken: token, expiresAt: accessTokenExpiresAt };
      },
    },
    end,
    /** Another program of the same browser, such as a window at a provider: the cookie is replaced here, too. */
    reauthenticateElsewhere(sessionId: string): void {
      const session = sessions.get(sessionId)!;
      session.generation += 1;
      session.reauthenticated = { generation: session.generation, requestId: 'of-another-window' };
      authenticate(session);
      if (cookie?.session === session) cookie = { session, generation: session.generation };
    },
    /** Whether a session can be authenticated again. */
    permit(sessionId: string, canReauthenticate: boolean): void {
      sessions.get(sessionId)!.canReauthenticate = canReauthenticate;
    },
    forgetCookie(): void {
      cookie = null;
    },
    /** Makes all tokens invalid, as after a change of keys. */
    revokeTokens: () => tokens.clear(),
    touch(sessionId: string): void {
      sessions.get(sessionId)!.lastActivityAt = now();
    },
    shorten(sessionId: string, minutes: number): void {
      sessions.get(sessionId)!.idleMinutes = minutes;
    },
    /** Pushes an event about the session, in its present state, over its sockets. */
    push(sessionId: string, kind: SessionExpiryEvent['kind'], reason: 'IDLE' | 'ABSOLUTE'): void {
      const session = sessions.get(sessionId)!;
      const expiresAt = reason === 'IDLE' ? idleOf(session) : absoluteOf(session);
      const sessionExpiry: SessionExpiryEvent = {
        kind,
        reason,
        endReason: kind === 'EXPIRED' ? `${reason}_TIMEOUT` : null,
        sessionId,
        expiresAt: iso(expiresAt),
        secondsRemaining: Math.max(0, Math.floor((expiresAt - now()) / SECOND)),
        canExtend: reason === 'IDLE',
        canReauthenticate: session.canReauthenticate,
        idleExpiresAt: iso(idleOf(session)),
        absoluteExpiresAt: iso(absoluteOf(session)),
        serverTime: iso(now()),
      };
      for (const socket of sockets)
        if (socket.session === session)
          socket.say({ type: 'next', id: socket.subscription, payload: { data: { sessionExpiry } } });
    },
    /** Closes all sockets, as for a restart. */
    dropSockets(code = 1001): void {
      for (const socket of sockets) socket.drop(code, 'Going away');
    },
    /** Carries out requests, but holds their answers until the returned function is called. */
    holdAnswers(): () => void {
      let open = (): void => {};
      gate = new Promise((done) => (open = done));
      return () => {
        gate = null;
        open();
      };
    },
  };
}

export type FakeServer = ReturnType<typeof createFakeServer>;
