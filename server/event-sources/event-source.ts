/** A transmitter as the owners of its account see it. */
export interface EventSourceView {
  id: string;
  accountId: string;
  issuer: string;
  audience: string;
  /** The id of a sign-in provider. Null: the users of the issuer itself. */
  providerId: string | null;
  createdAt: Date;
  lastReceivedAt: Date | null;
  /** Why the last token of the issuer was not taken, or reached not everyone. Null: it was, or there was none. */
  lastError: string | null;
  /** Why a token that anyone may have sent was refused. Null: since then one was accepted, or there was none. */
  lastUnverifiedError: string | null;
  /** See `paceSource`. Null: no token so far. */
  pacedUntil: Date | null;
}
