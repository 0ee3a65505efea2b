// The documents of the calls with a service key. The benchmarks measure Curfew with these.

const SESSION_FIELDS = `id authenticatedAt expiresAt idleExpiresAt absoluteExpiresAt endedAt endReason
  user { id externalId role account { id } }`;

/** The fields of one validation. */
export const VALIDATION_FIELDS = `valid reason warning secondsRemaining absoluteSecondsRemaining
  session { ${SESSION_FIELDS} }`;

export const CREATE_SESSION = `mutation CurfewCreate($input: CreateSessionInput!) {
  createSession(input: $input) { sessionToken session { ${SESSION_FIELDS} } } }`;

export const VALIDATE_SESSIONS = `mutation CurfewValidate($input: [ValidateSessionInput!]!) {
  validateSessions(input: $input) { ${VALIDATION_FIELDS} } }`;

export const REAUTHENTICATE_SESSION = `mutation CurfewReauthenticateSession($sessionToken: String!) {
  reauthenticateSession(sessionToken: $sessionToken) { sessionToken session { ${SESSION_FIELDS} } } }`;

export const END_SESSION = `mutation CurfewEnd($input: EndSessionInput!) { endSession(input: $input) }`;

export const END_USER_SESSIONS = `mutation CurfewEndUser($input: EndUserSessionsInput!) {
  endUserSessions(input: $input) { revokedCount } }`;

export const ISSUE_SESSION_ACCESS_TOKEN = `mutation CurfewIssue($sessionToken: String!, $audience: String) {
  issueSessionAccessToken(sessionToken: $sessionToken, audience: $audience) { accessToken expiresAt } }`;
