/** Names, numbers and codes of ours: never a token, a secret, an e-mail, an address, or a text that a caller chose. */
export type Attributes = Record<string, string | number | boolean>;

export interface Span {
  set(attributes: Attributes): void;
  rename(name: string): void;
  /** Marks it as failed. @param type a code, never a message */
  fail(type: string): void;
  end(): void;
}

export interface SpanStart {
  name: string;
  kind: 'server' | 'internal' | 'client' | 'producer' | 'consumer';
  attributes?: Attributes;
  /** What carries the context of another process, such as the headers of a request. Absent: the running span. */
  carrier?: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * Traces as the rooms write them. Only `opentelemetry.ts` knows the library, and it is loaded only where traces are
 * configured; without them the rooms add nothing to their work.
 */
export interface Tracing {
  /** Runs `work` inside a new span, which ends with it. */
  trace<T>(start: SpanStart, work: (span: Span) => Promise<T>): Promise<T>;
  /** Like `trace`, for work that returns at once. The work ends the span. */
  open<T>(start: SpanStart, work: (span: Span) => T): T;
  /** Whether a span is running. */
  readonly isInside: boolean;
  /** The context of the running span, to be carried to another process (W3C Trace Context). Null: there is none. */
  traceparent(): string | null;
  /** Sends what is left. The caller bounds the wait. */
  stop(): Promise<void>;
}
