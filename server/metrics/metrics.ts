import type { AppType, ExpiryReason, SessionEndReason } from '../generated/schema.ts';

/** How a session began. */
export type StartMethod = 'password' | 'password_link' | 'oauth' | 'service';
/** How a person signs in: with the password, with a one-time link that sets it, or at an identity provider. */
export type SignInMethod = Exclude<StartMethod, 'service'>;
export type SignInOutcome = 'succeeded' | 'refused' | 'throttled' | 'unavailable' | 'failed';
export type RefreshOutcome = 'rotated' | 'replayed' | 'raced' | 'expired' | 'refused' | 'reuse';
/** The last four say why a session is not valid; `refused` where the answer gives no reason. */
export type ValidationOutcome = 'valid' | 'idle' | 'absolute' | 'revoked' | 'not_found' | 'refused';
export type MailKind = 'invitation' | 'password_link' | 'forgotten_password' | 'password_changed';
/** `delayed`: an attempt that is made again. The others are the last word on a mail. */
export type MailOutcome = 'sent' | 'delayed' | 'failed' | 'dropped';
/** The kinds of event streams. */
export type EventDeliveryKind = 'webhook' | 'ssf_push' | 'ssf_poll' | 'back_channel_logout';
/** `failed`: an attempt that is made again. The others are the last word on a delivery, until an owner repeats it. */
export type EventDeliveryOutcome = 'delivered' | 'failed' | 'dead';
export type OperationOutcome = 'ok' | 'refused' | 'unavailable' | 'failed';

/**
 * Records what this node decided, each decision once, where it is made. Every label has a value of a fixed list: none
 * names a person, and none is a text that a caller chose.
 */
export interface Metrics {
  sessionStarted(appType: AppType, method: StartMethod): void;
  /** Sessions whose end this node has committed. */
  sessionsEnded(reason: SessionEndReason, count: number): void;
  signIn(method: SignInMethod, outcome: SignInOutcome): void;
  refresh(outcome: RefreshOutcome): void;
  validation(outcome: ValidationOutcome): void;
  /** A warning that a subscriber was sent, and how long after it was due. */
  warningSent(deadline: ExpiryReason, delaySeconds: number): void;
  /** The last event of a subscriber, and how long after the end of the session it was sent. */
  endPushed(delaySeconds: number): void;
  /** An attempt to hand a mail to the SMTP server, or a mail that was not taken. */
  mail(kind: MailKind, outcome: MailOutcome): void;
  /** An attempt to deliver a security event. */
  eventDelivery(kind: EventDeliveryKind, outcome: EventDeliveryOutcome, count?: number): void;
  /** @param route one of the patterns of our routes, or `other` */
  httpRequest(route: string, status: number, seconds: number): void;
  /** @param operation the name of a root field of our schema, or `other` */
  graphqlOperation(operation: string, outcome: OperationOutcome, seconds: number): void;
}
