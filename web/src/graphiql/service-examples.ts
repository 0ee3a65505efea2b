import { type Example, json } from './example.ts';

/** The header of a trusted back end. A typed header takes precedence over the sign-in of this page. */
const asService = json({ Authorization: 'Bearer SERVICE_KEY' });

/** For back ends with a service key. */
export const serviceExamples: readonly Example[] = [
  {
    query: `# For back ends that sign people in themselves.
# CreateServiceKey, or Applications in the dashboard,
# makes a key: put it in place of SERVICE_KEY under
# Headers.
# New people are added as members.
mutation CreateSession($input: CreateSessionInput!) {
  createSession(input: $input) {
    sessionToken
    session {
      id
      user {
        name
        email
      }
      idleMinutes
      absoluteMinutes
      expiresAt
    }
  }
}
`,
    variables: json({
      input: { externalId: 'customer-1', email: 'kim@shop.example', name: 'Kim Customer' },
    }),
    headers: asService,
  },
  {
    query: `# Checks a session on every request, with the
# sessionToken from CreateSession. With touch
# false, the check does not count as activity.
mutation ValidateSession($input: ValidateSessionInput!) {
  validateSession(input: $input) {
    valid
    reason
    warning
    secondsRemaining
    absoluteSecondsRemaining
    session {
      user {
        name
        role
      }
      expiresAt
      expiryReason
      endReason
    }
  }
}
`,
    variables: json({ input: { sessionToken: 'SESSION_TOKEN', touch: true } }),
    headers: asService,
  },
  {
    query: `# After your application has asked the person again who
# they are: both limits start again. The sessionToken
# of before works no longer.
mutation ReauthenticateSession($sessionToken: String!) {
  reauthenticateSession(sessionToken: $sessionToken) {
    sessionToken
    session {
      authenticatedAt
      absoluteExpiresAt
    }
  }
}
`,
    variables: json({ sessionToken: 'SESSION_TOKEN' }),
    headers: asService,
  },
  {
    query: `# The current sessions of one person, by the id that
# your application knows them by.
query UserSessions($externalId: String!) {
  userSessions(externalId: $externalId) {
    id
    device
    ipAddress
    expiresAt
  }
}
`,
    variables: json({ externalId: 'customer-1' }),
    headers: asService,
  },
  {
    query: `# Signs a person out everywhere, for example after
# your application changed their password.
mutation EndUserSessions($input: EndUserSessionsInput!) {
  endUserSessions(input: $input) {
    revokedCount
  }
}
`,
    variables: json({ input: { externalId: 'customer-1', reason: 'PASSWORD_CHANGED' } }),
    headers: asService,
  },
  {
    query: `# Ends one session, for example when its person signs
# out of your application.
mutation EndSession($input: EndSessionInput!) {
  endSession(input: $input)
}
`,
    variables: json({ input: { sessionToken: 'SESSION_TOKEN', reason: 'LOGOUT' } }),
    headers: asService,
  },
  {
    query: `# A token for the browser of that session's person,
# which shows them the notice before it ends.
mutation SessionAccessToken($sessionToken: String!) {
  issueSessionAccessToken(sessionToken: $sessionToken) {
    accessToken
    expiresAt
  }
}
`,
    variables: json({ sessionToken: 'SESSION_TOKEN' }),
    headers: asService,
  },
  {
    query: `# Creates an account, once for each externalId. Needs a
# key for all accounts, which an operator creates.
mutation CreateAccount($input: CreateAccountInput!) {
  createAccount(input: $input) {
    id
    name
    externalId
  }
}
`,
    variables: json({ input: { name: 'New Customer', externalId: 'customer-account-1' } }),
    headers: asService,
  },
];
