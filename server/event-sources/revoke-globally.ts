import { readBearer } from '../bearer.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { isStorable } from '../database/ids.ts';
import type { EventSourceView } from './event-source.ts';
import { findSourcesOf } from './event-sources.sql.ts';
import { reachOf, type LinkedProvider } from './reach.ts';
import type { RecordFault } from './record-fault.ts';
import { readUnverifiedToken } from './signed-token.ts';
import { MAX_ISSUER_LENGTH } from './source-rules.ts';
import type { PersonIdentifier } from './subject.ts';
import type { TakeToken } from './take-token.ts';
import { refuseToken, type KeysUnavailable, type TokenLimited, type TokenRefusal } from './token-refusal.ts';
import { audiencesOf, checkRevocationRequest, refuseIssuer, type CheckedToken } from './token-rules.ts';
import type { TransmitterKeys } from './transmitter-keys.ts';

/** Where the requests come, below the public URL. */
export const GLOBAL_TOKEN_REVOCATION_PATH = '/oauth/global-token-revocation';

/** A request whose token is good, from the issuer of these sources. */
export interface AuthenticatedRequest {
  kind: 'authenticated';
  token: CheckedToken;
  sources: readonly EventSourceView[];
  /** Whether an e-mail address names only users with an identity of the issuer. */
  needsIdentity: boolean;
}

/** Global token revocation (draft-parecki-oauth-global-token-revocation): an issuer ends all sessions of a person. */
export interface GlobalRevocation {
  authenticate(
    authorization: string | undefined,
  ): Promise<AuthenticatedRequest | TokenRefusal | KeysUnavailable>;
  /** Ends the sessions of the person in the accounts of the sources. `repeated`: the token was used before. */
  revoke(
    request: AuthenticatedRequest,
    identifier: PersonIdentifier | null,
    ipAddress: string | null,
  ): Promise<{ kind: 'revoked' | 'repeated' } | TokenLimited>;
}

/** For owners. */
const SHARED_ISSUER =
  'Another account names this issuer, so an e-mail address counts for linked users only. Use the audience of the source.';

export function createGlobalRevocation(dependencies: {
  database: Database;
  clock: Clock;
  publicUrl: string;
  keys: TransmitterKeys;
  providers: readonly LinkedProvider[];
  take: TakeToken;
  recordFault: RecordFault;
}): GlobalRevocation {
  const { database, clock, publicUrl, keys, providers, take, recordFault } = dependencies;
  const endpoint = `${publicUrl}${GLOBAL_TOKEN_REVOCATION_PATH}`;

  /**
   * The sources that the token is for. A source's own audience chooses it, in any account. The endpoint as the audience
   * chooses every source of the issuer: each of their owners has trusted that issuer. Where that is more than one account, an
   * e-mail address counts only for people whom the issuer has signed in here, since several customers of one issuer may not
   * speak for each other's people.
   */
  function chooseSources(
    sources: readonly EventSourceView[],
    audiences: readonly unknown[],
  ): Pick<AuthenticatedRequest, 'sources' | 'needsIdentity'> {
    const named = sources.filter(({ audience }) => audience !== endpoint && audiences.includes(audience));
    if (named.length > 0) return { sources: named, needsIdentity: false };
    const all = audiences.includes(endpoint) ? sources : [];
    return { sources: all, needsIdentity: new Set(all.map(({ accountId }) => accountId)).size > 1 };
  }

  return {
    async authenticate(authorization) {
      const text = readBearer(authorization);
      const token = text === null ? null : readUnverifiedToken(text);
      if (!token) return refuseToken('invalid_request', 'A signed token is needed.');
      const checked = checkRevocationRequest(token, clock.now());
      if (checked.kind === 'refused') return checked;
      const { iss } = token.claims;
      if (typeof iss !== 'string' || iss.length > MAX_ISSUER_LENGTH || !isStorable(iss))
        return refuseIssuer();
      const found = await database.withTimeout(findSourcesOf(database.em(), iss));
      const chosen = chooseSources(found, audiencesOf(token.claims));
      if (chosen.sources.length === 0) return refuseIssuer();
      const signature = await keys.verify(iss, token);
      if (signature.kind === 'verified') return { kind: 'authenticated', token: checked, ...chosen };
      const ids = chosen.sources.map(({ id }) => id);
      await recordFault(ids, signature);
      return signature;
    },

    async revoke({ token, sources, needsIdentity }, identifier, ipAddress) {
      let isTaken = false;
      let limited: TokenLimited | null = null;
      for (const source of sources) {
        const reach = reachOf(source, providers);
        const content = identifier && {
          effect: 'end' as const,
          event: 'global-token-revocation',
          identifiers: [identifier],
          reach: { ...reach, needsIdentity: needsIdentity || reach.needsIdentity },
        };
        const taken = await take(source, token, content, ipAddress);
        if (taken.kind === 'taken') isTaken = true;
        if (taken.kind !== 'limited') continue;
        await recordFault([source.id], { ...taken, faultOf: 'issuer' });
        if (!limited || taken.retryAfterSeconds > limited.retryAfterSeconds) limited = taken;
      }
      // Not silently: the owner could not know why no sessions ended.
      if (needsIdentity && identifier?.format === 'email') {
        const ids = sources.map(({ id }) => id);
        await recordFault(ids, { description: SHARED_ISSUER, faultOf: 'issuer' });
      }
      // The request may come again for the others: those that took it take it once.
      return limited ?? { kind: isTaken ? 'revoked' : 'repeated' };
    },
  };
}
