/** How long each kind of wait may take, in milliseconds. All timeouts of the database are set here. */
export interface Timeouts {
  /** The answer to a request's read (`withTimeout`), including the wait for a connection. */
  readonly answerMs: number;
  /** A free connection, or a new one. */
  readonly connectionMs: number;
  /** The wait in the queue of an account whose transactions make progress (`createAccountQueue`). */
  readonly queueMs: number;
  /** A lock that another transaction holds (`lock_timeout`). */
  readonly lockMs: number;
  /** A statement in the database (`statement_timeout`). `longTransaction` sets a longer one. */
  readonly statementMs: number;
  /** A transaction that sends no statement (`idle_in_transaction_session_timeout`): its node is stopped or lost. */
  readonly idleInTransactionMs: number;
  /** A whole transaction, measured in the node. */
  readonly transactionMs: number;
  /** Added to the timeout of a statement or transaction. After that the node destroys the silent connection. */
  readonly silenceMs: number;
  /** Unacknowledged bytes to a lost host, and the idle time before the first keep-alive probe. */
  readonly tcpMs: number;
}

/**
 * A node that is stopped or lost frees its locks within `idleInTransactionMs`, so its account is served again within
 * ten seconds.
 */
const DEFAULTS: Timeouts = {
  answerMs: 2_000,
  connectionMs: 2_000,
  queueMs: 5_000,
  lockMs: 2_000,
  statementMs: 5_000,
  idleInTransactionMs: 5_000,
  transactionMs: 8_000,
  silenceMs: 1_000,
  tcpMs: 5_000,
};

/** Counts over all sessions of an account, for an owner's page. */
export const REPORT_TIMEOUT_MS = 30_000;
/** A batch of background work. No request waits for it. */
export const BACKGROUND_TIMEOUT_MS = 60_000;
/** A command that an operator runs. */
export const COMMAND_TIMEOUT_MS = 60 * 60_000;

/** The timeouts of a server. Tests that overload one process raise them with `timeoutsMs`. */
export function timeoutsOf(timeoutsMs?: { answer: number; connection: number }): Timeouts {
  if (!timeoutsMs) return DEFAULTS;
  const { answer, connection } = timeoutsMs;
  return {
    ...DEFAULTS,
    answerMs: answer,
    connectionMs: connection,
    queueMs: connection,
    lockMs: Math.max(DEFAULTS.lockMs, answer),
    statementMs: Math.max(DEFAULTS.statementMs, answer),
    idleInTransactionMs: Math.max(DEFAULTS.idleInTransactionMs, answer),
    transactionMs: Math.max(DEFAULTS.transactionMs, answer + connection),
  };
}
