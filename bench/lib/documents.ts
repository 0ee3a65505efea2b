import { InMemoryCache } from '@apollo/client';
import { concatAST, parse, print, type DocumentNode } from 'graphql';
import { VALIDATION_FIELDS } from '../../client/src/server/service-documents.ts';
import * as account from '../../web/src/generated/account-operations.ts';
import * as audit from '../../web/src/generated/audit-operations.ts';
import * as policy from '../../web/src/generated/policy-operations.ts';
import * as sessions from '../../web/src/generated/sessions-operations.ts';

// What real callers ask, from their own sources: the kits and the dashboard.

export { SESSION_EXPIRY } from '../../client/src/follow-session-expiry.ts';
export { VALIDATE_SESSIONS } from '../../client/src/server/service-documents.ts';
/** The dashboard gets its access tokens through the kit for browsers. */
export { REFRESH } from '../../client/src/tokens/cookie-source.ts';

/** The server kit's validation of one session token. */
export const VALIDATE_SESSION = `mutation CurfewValidate($input: ValidateSessionInput!) {
  validateSession(input: $input) { ${VALIDATION_FIELDS} } }`;

const cache = new InMemoryCache();

/** Returns the text that the dashboard's Apollo Client sends: it asks for the type name of every object. */
const sent = (document: DocumentNode): string => print(cache.transformDocument(document));

/** The documents of the dashboard's pages, by their names. */
export const dashboard = {
  accountSessions: sent(account.AccountSessionsDocument),
  auditTrail: sent(audit.AuditTrailDocument),
  policyCard: sent(policy.PolicyCardDocument),
  policyImpact: sent(policy.PolicyImpactDocument),
  policySave: sent(policy.PolicySaveDocument),
  sessionsExpiryForecast: sent(sessions.SessionsExpiryForecastDocument),
  sessionsFound: sent(sessions.SessionsFoundDocument),
  sessionsOfPerson: sent(sessions.SessionsOfPersonDocument),
  sessionsPeople: sent(sessions.SessionsPeopleDocument),
  sessionsRevokeMany: sent(sessions.SessionsRevokeManyDocument),
  sessionsRevokeOne: sent(sessions.SessionsRevokeOneDocument),
};

/** An owner's page of sessions with their users: of each session what the dashboard shows. */
const pageOfSessions = (total: '' | 'totalCount'): string =>
  sent(
    concatAST([
      parse(`query Sessions($first: Int!, $after: String, $status: SessionStatus) {
        sessions(first: $first, after: $after, status: $status) {
          ${total}
          pageInfo { hasNextPage endCursor }
          edges { cursor node { ...SessionsSession user { id name email } } } } }`),
      sessions.SessionsSessionFragmentDoc,
    ]),
  );
export const SESSIONS_PAGE = pageOfSessions('');
export const SESSIONS_PAGE_COUNTED = pageOfSessions('totalCount');
