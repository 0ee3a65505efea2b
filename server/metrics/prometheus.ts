import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { AppType, SessionEndReason } from '../generated/schema.ts';
import { watchEventLoop } from './event-loop-delay.ts';
import { createFixedCounter } from './fixed-counter.ts';
import { addGauges, type GaugeSources } from './gauges.ts';
import type {
  EventDeliveryKind,
  EventDeliveryOutcome,
  MailKind,
  MailOutcome,
  Metrics,
  OperationOutcome,
  RefreshOutcome,
  SignInMethod,
  SignInOutcome,
  StartMethod,
  ValidationOutcome,
} from './metrics.ts';

/** The text that Prometheus scrapes. */
export interface Exposition {
  readonly contentType: string;
  text(): Promise<string>;
}

/** In seconds. */
const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** A warning or an end is promised within two seconds. */
const PUSH_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60];
/** No request may block the event loop for more than 0.1 seconds. */
const LOOP_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** The compiler holds each list to its type: a new value is counted, too. */
const keysOf = <Key extends string>(all: Record<Key, true>): Key[] => Object.keys(all) as Key[];

const END_REASONS = keysOf<SessionEndReason>({
  ABSOLUTE_TIMEOUT: true,
  IDLE_TIMEOUT: true,
  LOGOUT: true,
  PASSWORD_CHANGED: true,
  POLICY_CHANGED: true,
  REFRESH_TOKEN_REUSED: true,
  REPLACED: true,
  REVOKED_BY_OWNER: true,
  REVOKED_BY_SERVICE: true,
  REVOKED_BY_USER: true,
  SECURITY_EVENT: true,
  SESSION_LIMIT: true,
  USER_DEACTIVATED: true,
});
const APP_TYPES = keysOf<AppType>({ CONTROL_PANEL: true, TENANT_APP: true });
const START_METHODS = keysOf<StartMethod>({
  password: true,
  password_link: true,
  oauth: true,
  service: true,
});
const SIGN_IN_METHODS = keysOf<SignInMethod>({ password: true, password_link: true, oauth: true });
const SIGN_IN_OUTCOMES = keysOf<SignInOutcome>({
  succeeded: true,
  refused: true,
  throttled: true,
  unavailable: true,
  failed: true,
});
const REFRESH_OUTCOMES = keysOf<RefreshOutcome>({
  rotated: true,
  replayed: true,
  raced: true,
  expired: true,
  refused: true,
  reuse: true,
});
const VALIDATION_OUTCOMES = keysOf<ValidationOutcome>({
  valid: true,
  idle: true,
  absolute: true,
  revoked: true,
  not_found: true,
  refused: true,
});
const MAIL_KINDS = keysOf<MailKind>({
  invitation: true,
  password_link: true,
  forgotten_password: true,
  password_changed: true,
});
const MAIL_OUTCOMES = keysOf<MailOutcome>({ sent: true, delayed: true, failed: true, dropped: true });

const EVENT_DELIVERY_KINDS = keysOf<EventDeliveryKind>({
  webhook: true,
  ssf_push: true,
  ssf_poll: true,
  back_channel_logout: true,
});
const EVENT_DELIVERY_OUTCOMES = keysOf<EventDeliveryOutcome>({ delivered: true, failed: true, dead: true });

/** The metrics of docs/monitoring.md, as Prometheus reads them. `stop` ends the watch of the event loop. */
export function createPrometheusMetrics(sources: GaugeSources): {
  metrics: Metrics;
  exposition: Exposition;
  stop(): void;
} {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  addGauges(registry, sources);
  const requests = createRequestMetrics(registry);
  const pushes = createPushMetrics(registry);
  const sessions = createSessionMetrics(registry);
  const mail = createPairCounter(
    registry,
    {
      name: 'curfew_mails_total',
      help: 'Mails with links to set a password and notices of a changed one, by what became of them.',
      labels: ['kind', 'outcome'],
    },
    [MAIL_KINDS, MAIL_OUTCOMES],
  );
  const eventDelivery = createPairCounter(
    registry,
    {
      name: 'curfew_event_deliveries_total',
      help: 'Attempts of this node to deliver security events, by the kind of stream and by what became of them.',
      labels: ['kind', 'outcome'],
    },
    [EVENT_DELIVERY_KINDS, EVENT_DELIVERY_OUTCOMES],
  );

  const eventLoopDelay = new Histogram({
    name: 'curfew_event_loop_delay_seconds',
    help: 'How much later than planned a timer of this process ran, measured every 20 ms.',
    buckets: LOOP_BUCKETS,
    registers: [registry],
  });
  const eventLoop = watchEventLoop((seconds) => eventLoopDelay.observe(seconds));

  return {
    metrics: { ...sessions, ...pushes, ...requests, mail, eventDelivery },
    exposition: { contentType: registry.contentType, text: () => registry.metrics() },
    stop: eventLoop.stop,
  };
}

type SessionMetrics = Pick<Metrics, 'sessionStarted' | 'sessionsEnded' | 'signIn' | 'refresh' | 'validation'>;

function createSessionMetrics(registry: Registry): SessionMetrics {
  const started = createPairCounter(
    registry,
    {
      name: 'curfew_sessions_started_total',
      help: 'Sessions that began at this node.',
      labels: ['app_type', 'method'],
    },
    [APP_TYPES, START_METHODS],
  );
  const ended = createFixedCounter(
    registry,
    {
      name: 'curfew_sessions_ended_total',
      help: 'Sessions whose end this node stored, alone or with many others.',
      label: 'reason',
    },
    END_REASONS,
  );
  const signIns = createPairCounter(
    registry,
    {
      name: 'curfew_sign_ins_total',
      help: 'Attempts to sign in or to authenticate again, by how they ended.',
      labels: ['method', 'outcome'],
    },
    [SIGN_IN_METHODS, SIGN_IN_OUTCOMES],
  );
  const refreshes = createFixedCounter(
    registry,
    {
      name: 'curfew_refreshes_total',
      help: 'Refresh tokens presented to refreshSession, by what was decided.',
      label: 'outcome',
    },
    REFRESH_OUTCOMES,
  );
  const validations = createFixedCounter(
    registry,
    {
      name: 'curfew_validations_total',
      help: 'Sessions checked for others: validateSession(s), introspection, forward auth.',
      label: 'outcome',
    },
    VALIDATION_OUTCOMES,
  );
  return {
    sessionStarted: started,
    sessionsEnded: (reason, count) => ended(reason, count),
    signIn: signIns,
    refresh: (outcome) => refreshes(outcome),
    validation: (outcome) => validations(outcome),
  };
}

function createPushMetrics(registry: Registry): Pick<Metrics, 'warningSent' | 'endPushed'> {
  const warnings = createFixedCounter(
    registry,
    {
      name: 'curfew_warnings_sent_total',
      help: 'Warnings that subscribers of this node were sent, by the deadline they are about.',
      label: 'deadline',
    },
    ['idle', 'absolute'],
  );
  const warningDelay = new Histogram({
    name: 'curfew_warning_delay_seconds',
    help: 'From when a warning was due for a subscriber to when it was sent.',
    buckets: PUSH_BUCKETS,
    registers: [registry],
  });
  const endDelay = new Histogram({
    name: 'curfew_end_push_delay_seconds',
    help: 'From the end of a session to when a subscriber was sent it.',
    buckets: PUSH_BUCKETS,
    registers: [registry],
  });
  return {
    warningSent(deadline, delaySeconds) {
      warnings(deadline === 'IDLE' ? 'idle' : 'absolute');
      warningDelay.observe(delaySeconds);
    },
    endPushed: (delaySeconds) => endDelay.observe(delaySeconds),
  };
}

function createRequestMetrics(registry: Registry): Pick<Metrics, 'httpRequest' | 'graphqlOperation'> {
  const http = new Histogram({
    name: 'curfew_http_request_duration_seconds',
    help: 'From the head of a request to the end of its response. Status 499: the client left before.',
    labelNames: ['route', 'status'],
    buckets: REQUEST_BUCKETS,
    registers: [registry],
  });
  const graphql = new Histogram({
    name: 'curfew_graphql_operation_duration_seconds',
    help: 'Execution of a GraphQL operation; of a subscription, until it is set up.',
    labelNames: ['operation', 'outcome'],
    buckets: REQUEST_BUCKETS,
    registers: [registry],
  });
  // The child of a series is looked up by two strings and kept: prom-client checks every label again in `labels`.
  const httpChild = createChildren(http);
  const graphqlChild = createChildren<string, OperationOutcome>(graphql);
  return {
    httpRequest: (route, status, seconds) => httpChild(route, status).observe(seconds),
    graphqlOperation: (operation, outcome, seconds) => graphqlChild(operation, outcome).observe(seconds),
  };
}

function createChildren<First extends string, Second extends string | number>(
  histogram: Histogram<string>,
): (first: First, second: Second) => Histogram.Internal<string> {
  const children = new Map<First, Map<Second, Histogram.Internal<string>>>();
  return (first, second) => {
    const known = children.get(first)?.get(second);
    if (known) return known;
    const ofFirst = children.get(first) ?? new Map<Second, Histogram.Internal<string>>();
    const created = histogram.labels(first, String(second));
    children.set(first, ofFirst.set(second, created));
    return created;
  };
}

/** A counter with two labels whose values are all known. */
function createPairCounter<First extends string, Second extends string>(
  registry: Registry,
  { name, help, labels }: { name: string; help: string; labels: [string, string] },
  [firsts, seconds]: [readonly First[], readonly Second[]],
): (first: First, second: Second, count?: number) => void {
  const counter = new Counter({ name, help, labelNames: labels, registers: [registry] });
  for (const first of firsts) for (const second of seconds) counter.labels(first, second).inc(0);
  return (first, second, count = 1) => counter.labels(first, second).inc(count);
}
