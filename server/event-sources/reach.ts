import { issuerForms } from '../rules/vouching.ts';
import type { EventSourceView } from './event-source.ts';
import type { Reach } from './find-persons.sql.ts';

/** What this room needs to know of a sign-in provider. */
export interface LinkedProvider {
  id: string;
  issuer: string;
}

/**
 * Whom a source can name: in its own account, those whose identity is of its issuer, or of the provider that its owner named.
 * With a provider, an e-mail address names only that provider's users. A provider that this server does not have any more
 * has none.
 */
export function reachOf(
  { accountId, issuer, providerId }: EventSourceView,
  providers: readonly LinkedProvider[],
): Reach {
  const own = issuerForms(issuer);
  if (providerId === null)
    return { accountId, identityIssuers: own, subjectIssuers: own, needsIdentity: false };
  const provider = providers.find(({ id }) => id === providerId);
  const ofProvider = provider ? issuerForms(provider.issuer) : [];
  return {
    accountId,
    identityIssuers: ofProvider,
    subjectIssuers: [...new Set([...ofProvider, ...own])],
    needsIdentity: true,
  };
}
