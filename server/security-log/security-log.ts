import { networkOf } from '../addresses.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { createFloodLimit } from './flood-limit.ts';

/** docs/security.md describes each. */
export type SecurityEvent =
  | 'sign_in.failed'
  | 'sign_in.throttled'
  | 'session_limit.reached'
  | 'request.throttled'
  | 'token.refused'
  | 'token.missing'
  | 'service_key.refused'
  | 'refresh.refused'
  | 'access.forbidden'
  | 'access.not_found'
  | 'access.stale_sign_in'
  | 'event_token.refused'
  | 'origin.refused'
  | 'forward_auth.refused'
  | 'metrics.refused';

/** Ids, codes and addresses: never a secret, never an e-mail, and no long text that a caller chose. */
export interface SecurityRecord {
  event: SecurityEvent;
  address: string | null;
  requestId: string;
  transport: 'http' | 'websocket';
  userId?: string;
  accountId?: string;
  sessionId?: string;
  serviceKeyId?: string;
  /** The requested field of the schema. */
  field?: string;
  reason?: string;
  provider?: string;
  origin?: string;
}

/** Writes one structured line for each refusal that an operator may want to examine. */
export interface SecurityLog {
  record(entry: SecurityRecord): void;
  stop(): void;
}

const SUPPRESSED_REPORT_INTERVAL_MS = 10_000;
const MAX_TEXT_LENGTH = 200;

const outcomeOf = (event: SecurityEvent): string => (event.endsWith('.throttled') ? 'throttled' : 'refused');

export function createSecurityLog({ logger, clock }: { logger: Logger; clock: Clock }): SecurityLog {
  const limit = createFloodLimit();

  function reportSuppressed(): void {
    for (const { event, network, count } of limit.takeSuppressed(clock.now().getTime()))
      logger.warn(
        { part: 'security', event, outcome: 'not logged', network, count },
        'security events not logged',
      );
  }

  const reporting = setInterval(reportSuppressed, SUPPRESSED_REPORT_INTERVAL_MS);
  reporting.unref();

  return {
    record({ event, ...fields }) {
      if (!limit.admit(event, networkOf(fields.address), clock.now().getTime())) return;
      const defined = Object.entries(fields)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, MAX_TEXT_LENGTH) : value]);
      logger.warn(
        { part: 'security', event, outcome: outcomeOf(event), ...Object.fromEntries(defined) },
        'security event',
      );
    },
    stop() {
      clearInterval(reporting);
      reportSuppressed();
    },
  };
}
