"""The GraphQL documents of the calls."""

_SESSION = """id authenticatedAt expiresAt expiryReason idleExpiresAt absoluteExpiresAt endedAt endReason
  user { id externalId name role account { id } }"""

CREATE_SESSION = f"""mutation CurfewCreate($input: CreateSessionInput!) {{
  createSession(input: $input) {{ sessionToken session {{ {_SESSION} }} }} }}"""

VALIDATE_SESSIONS = f"""mutation CurfewValidate($input: [ValidateSessionInput!]!) {{
  validateSessions(input: $input) {{ valid reason warning secondsRemaining session {{ {_SESSION} }} }} }}"""

REAUTHENTICATE_SESSION = f"""mutation CurfewReauthenticateSession($sessionToken: String!) {{
  reauthenticateSession(sessionToken: $sessionToken) {{ sessionToken session {{ {_SESSION} }} }} }}"""

END_SESSION = "mutation CurfewEnd($input: EndSessionInput!) { endSession(input: $input) }"

END_USER_SESSIONS = """mutation CurfewEndUser($input: EndUserSessionsInput!) {
  endUserSessions(input: $input) { revokedCount } }"""

ISSUE_SESSION_ACCESS_TOKEN = """mutation CurfewIssue($sessionToken: String!, $audience: String) {
  issueSessionAccessToken(sessionToken: $sessionToken, audience: $audience) { accessToken expiresAt } }"""
