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
];
