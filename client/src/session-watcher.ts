import { type Activity, createActivity } from './activity.ts';
import { absoluteUrl, browserDefaults, reloadPage } from './browser-defaults.ts';
import { type BrowserEnv } from './browser-env.ts';
import { createConnection } from './connection.ts';
import { createCredentials } from './credentials.ts';
import { createDeadlineWatch } from './deadline-watch.ts';
import { createExtension } from './extension.ts';
import { type SessionExpiryEvent } from './follow-session-expiry.ts';
import { createInquiry } from './inquiry.ts';
import { createLeaving } from './leaving.ts';
import { createQuestion } from './question.ts';
import { createRenewal } from './renewal.ts';
import { createServerClock } from './server-clock.ts';
import { endingInRefusal, endingOf } from './session-ending.ts';
import { createSessionRecord } from './session-record.ts';
import { type Grant, type SessionEnding, type SessionFacts } from './session-state.ts';
import { createSignOut } from './sign-out.ts';
import { chooseSource } from './source-choice.ts';
import { createStoredValue } from './stored-value.ts';
import { createTabSync } from './tab-sync.ts';
import { openTabs, type Tabs } from './tabs.ts';
import { createTransitions, type GrantOrigin } from './transitions.ts';
import { type RefusedError } from './transport.ts';
import { type SessionWatcher, type WatcherOptions } from './watcher.ts';

/** What the server said so short ago still holds when the page comes back. */
const FRESH_MS = 5_000;
/** A policy reaches every session of an account at once; their pages need not ask at once. */
const SPREAD_MS = 5_000;

/** Watches the session of this browser. The one place that knows every part; each part does one thing. */
export function createSessionWatcher(options: WatcherOptions): SessionWatcher {
  const env: BrowserEnv = { ...browserDefaults(), ...options.env };
  const url = absoluteUrl(options.url);
  const name = `curfew:${url.href}`;

  const clock = createServerClock(env.now);
  const record = createSessionRecord(clock.now, onChange);
  const { facts } = record;
  const dismissal = createStoredValue(env.sessionStorage, `${name}:dismissed`);
  const transitions = createTransitions({ record, clock, dismissal });
  const { hasSession } = transitions;

  let isRunning = false;
  let tabs: Tabs | null = null;
  let activity: Activity | null = null;
  let stopListening = (): void => {};
  let answeredAt = -Infinity;
  let spread: unknown;

  const { transport, source } = chooseSource({
    options,
    url: url.href,
    env,
    lastToken: () => facts.token?.value,
    onOutcome: (isReached) => isRunning && connection.observe(isReached),
  });
  const renewal = createRenewal({
    env,
    source,
    name,
    take({ data, sentAt, receivedAt }) {
      clock.measure(Date.parse(data.serverTime), sentAt, receivedAt);
      accept(data, 'renewal');
    },
    tell: (grant, count) => tabs?.post({ kind: 'renewed', grant, count }),
  });
  const credentials = createCredentials({
    record,
    transitions,
    clock,
    renewal,
    isRunning: () => isRunning,
    find: () => inquiry.find(),
    onRefused: drawConsequence,
  });
  const inquiry = createInquiry({
    env,
    record,
    transitions,
    clock,
    credentials,
    transport,
    isRunning: () => isRunning,
    askTabs: source.isRotating ? () => tabs?.post({ kind: 'who-is-here' }) : null,
    onAnswer() {
      answeredAt = env.now();
      activity?.flush();
    },
    onUnreachable: () => deadlines.judge(),
    onRefused: (error, sessionId) => sessionId === facts.session?.id && drawConsequence(error),
  });
  const question = createQuestion({
    env,
    put: inquiry.read,
    onHold: (isHeld) => record.change({ isHeld }),
    onPatienceOver: () => deadlines.judge(),
  });
  const connection = createConnection({
    env,
    socketUrl: options.socketUrl ?? url.href.replace(/^http/, 'ws'),
    getAccessToken: credentials.get,
    onEvent,
    onEnded: (endReason) => end(endingOf(endReason)),
    onChange(state) {
      record.change({ connection: state });
      if (state === 'live') activity?.flush();
    },
    need() {
      if (!hasSession()) return 'never';
      if (facts.status === 'unconfirmed') return 'urgent';
      if (facts.raised) return 'warned';
      return env.page.isVisible() ? 'usual' : 'never';
    },
    ask: question.ask,
  });
  const extension = createExtension({
    record,
    hasSession,
    credentials,
    renewsActively: source.isRotating,
    transport,
    onTouched(session) {
      // The answer carries no time of its own; the activity that it reports was recorded then.
      learn(session, Date.parse(session.lastActivityAt));
      tabs?.post({ kind: 'extended', session, knownAt: Date.parse(session.lastActivityAt) });
    },
    onRefused: (error, sessionId) => sessionId === facts.session?.id && drawConsequence(error),
  });
  const signOut = createSignOut({
    record,
    source,
    credentials,
    transport,
    hasSession,
    onApplication: options.onSignOut,
    onLeft: () => end({ kind: 'left' }),
  });
  const leaving = createLeaving({
    record,
    hasSession,
    tell: (sessionId, isLeaving) => tabs?.post({ kind: 'leaving', sessionId, isLeaving }),
  });
  const tabSync = createTabSync({
    record,
    clock,
    hasSession,
    hasGoodToken: () => credentials.token !== null,
    post: (news) => tabs?.post(news),
    accept: (grant) => accept(grant, 'tab'),
    learn,
    dismiss: transitions.dismiss,
    end: (ending) => end(ending, { isNews: false }),
    expectEnd: leaving.expect,
    onRenewed: renewal.heard,
  });
  const deadlines = createDeadlineWatch({
    env,
    record,
    clock,
    hasSession,
    onPassed: () => void question.askFirst(),
    onSleep: () => env.page.isVisible() && onReturn(),
    onExpired: () => end({ kind: 'expired', limit: 'absolute' }),
  });

  /** After every change of what is known, and before the application hears of it. */
  function onChange(): void {
    if (!isRunning) return;
    connection.replan();
    deadlines.plan();
  }

  function accept(grant: Grant, origin: GrantOrigin): void {
    const outcome = transitions.accept(grant, origin);
    switch (outcome) {
      case 'other-user':
        stop();
        return (options.onOtherUser ?? reloadPage)();
      case 'begun':
        if (origin !== 'renewal') renewal.forget();
        answeredAt = env.now();
        connection.open();
        return noteActivity();
      case 'kept':
        return noteActivity();
      case 'ignored':
        return;
      default:
        return outcome satisfies never;
    }
  }

  function learn(session: SessionFacts, knownAt: number): void {
    transitions.learn(session, knownAt);
    noteActivity();
  }

  function noteActivity(): void {
    if (facts.session) activity?.known(clock.toLocal(facts.session.lastActivityAt).getTime());
  }

  function onEvent(event: SessionExpiryEvent): void {
    transitions.hear(event);
    if (event.kind !== 'SHORTENED') return;
    // The event tells the deadlines; the new limits, from which the leads follow, have to be read.
    env.clearTimeout(spread);
    spread = env.setTimeout(() => void question.ask(), Math.random() * SPREAD_MS);
  }

  function drawConsequence(error: RefusedError): void {
    const ending = endingInRefusal(error);
    if (ending) end(ending);
  }

  function end(heardOf: SessionEnding, { isNews = true } = {}): void {
    const sessionId = facts.session?.id;
    if (signOut.holds(() => sessionId === facts.session?.id && end(heardOf, { isNews }))) return;
    const ending = leaving.seen(heardOf);
    if (!transitions.end(ending)) return;
    connection.close();
    renewal.forget();
    env.clearTimeout(spread);
    if (isNews && sessionId !== undefined) tabs?.post({ kind: 'over', sessionId, ending });
  }

  /** The page is back in sight or on line, or the computer woke up: ask first, then show. */
  function onReturn(): void {
    if (!isRunning) return;
    if (!hasSession() && facts.status !== 'starting') return tabs?.post({ kind: 'who-is-here' });
    connection.hurry();
    const isFresh = Math.abs(env.now() - answeredAt) < FRESH_MS;
    if (!isFresh) void question.askFirst();
  }

  /** Somebody has signed in by way of the application's back end, which knows who. */
  function findAnew(): void {
    connection.close();
    inquiry.stop();
    renewal.forget();
    transport.abort();
    transitions.forget();
    void inquiry.find();
  }

  function run(): void {
    if (isRunning) return;
    isRunning = true;
    tabs = openTabs(env, name, tabSync.hear);
    stopListening = env.page.onReturn(onReturn);
    activity = createActivity({ env, record, hasSession, send: extension.report });
  }

  function stop(): void {
    if (!isRunning) return;
    isRunning = false;
    connection.close();
    deadlines.stop();
    question.stop();
    inquiry.stop();
    renewal.stop();
    transport.abort();
    activity?.stop();
    activity = null;
    stopListening();
    tabs?.close();
    tabs = null;
    env.clearTimeout(spread);
  }

  return {
    getState: record.getState,
    subscribe: record.subscribe,
    now: clock.now,
    toLocal: clock.toLocal,

    start() {
      if (isRunning) return;
      run();
      if (hasSession()) connection.open();
      void question.ask();
    },

    begin(grant) {
      run();
      if (!grant) return findAnew();
      clock.hear(Date.parse(grant.serverTime));
      accept(grant, 'sign-in');
      tabs?.post({ kind: 'signed-in', grant });
    },

    getAccessToken: credentials.get,
    stay: extension.stay,
    check: question.ask,

    dismiss() {
      const { session, raised } = facts;
      if (!session || raised?.reason !== 'ABSOLUTE') return;
      transitions.dismiss(raised.expiresAt);
      tabs?.post({ kind: 'dismissed', sessionId: session.id, deadline: raised.expiresAt });
    },

    signOut: signOut.run,

    leaving: leaving.announce,
    leave: () => end({ kind: 'left' }),

    announce: (message) => tabs?.post({ kind: 'app', message }),

    onMessage: tabSync.onMessage,

    stop,
  };
}
