interface Example {
  query: string;
  variables?: string;
  headers?: string;
}

const json = (value: unknown) => JSON.stringify(value, null, 2);

/** The header of a trusted back end. A typed header takes precedence over the sign-in of this page. */
const asService = json({ Authorization: 'Bearer SERVICE_KEY' });

/** The initial tabs of GraphiQL, in the order of a first visit. A tab has the name of its operation. */
export const examples: Example[] = [
  {
    query: `# Curfew printed the demo password when it started:
# put it in place of PASSWORD below and press Run.
# The page keeps the access token in memory and
# sends it with everything you run from now on.
mutation SignIn($input: LoginInput!) {
  login(input: $input) {
    user {
      name
      email
      role
      account {
        name
      }
    }
    session {
      idleMinutes
      absoluteMinutes
      expiresAt
      expiryReason
    }
    accessTokenExpiresAt
    accessToken
    refreshToken
  }
}
`,
    variables: json({
      input: { email: 'owner@demo.curfew.test', password: 'PASSWORD' },
    }),
  },
  {
    query: `# The limits of the account, set or by default,
# and the people who are signed in now.
query ReadPolicy {
  sessionPolicy {
    preset
    effectiveIdleMinutes
    effectiveAbsoluteMinutes
    idleMinutes
    absoluteMinutes
    idleMinutesMin
    idleMinutesMax
    absoluteMinutesMin
    absoluteMinutesMax
    version
    updatedAt
    updatedBy {
      name
    }
    activeUserCount
    activeUsers {
      name
      email
      sessionCount
      lastLoginAt
      isViewer
    }
  }
}
`,
  },
  {
    query: `# The effect of a policy on current sessions.
# Only counts; nothing changes.
query PreviewPolicyChange($input: UpdateSessionPolicyInput!) {
  sessionPolicyImpact(input: $input) {
    activeSessions
    endNow
    endWithinHour
    shortened
    endsViewerSession
  }
}
`,
    variables: json({ input: { idleMinutes: 30, absoluteMinutes: 720 } }),
  },
  {
    query: `# NEXT_LOGIN leaves current sessions as they are.
# ACTIVE_SESSIONS shortens them at once and ends
# those past the new limits, including yours.
mutation ChangePolicy($input: UpdateSessionPolicyInput!) {
  updateSessionPolicy(input: $input) {
    sessionPolicy {
      preset
      effectiveIdleMinutes
      effectiveAbsoluteMinutes
      version
      updatedAt
    }
  }
}
`,
    variables: json({ input: { idleMinutes: 30, absoluteMinutes: 720, apply: 'NEXT_LOGIN' } }),
  },
  {
    query: `# Current sessions with device and end time.
# Owners see all sessions of the account, members
# only their own. Also try the status ENDED.
query Sessions($first: Int = 20, $status: SessionStatus = ACTIVE) {
  sessions(first: $first, status: $status) {
    totalCount
    edges {
      node {
        id
        user {
          email
        }
        device
        ipAddress
        authenticatedAt
        lastActivityAt
        expiresAt
        expiryReason
        isCurrent
        endedAt
        endReason
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
    variables: json({ first: 20, status: 'ACTIVE' }),
  },
  {
    query: `# Warns before your session ends, and reports new
# deadlines and the end. Listens until then.
# The Run button stops it; so does another tab.
subscription WatchSessionExpiry {
  sessionExpiry {
    kind
    reason
    endReason
    sessionId
    expiresAt
    secondsRemaining
    canExtend
    idleExpiresAt
    absoluteExpiresAt
    serverTime
  }
}
`,
  },
  {
    query: `# Signs out everyone in the account except you.
# With ALL instead of OTHERS, you too.
mutation Revoke($scope: RevokeScope! = OTHERS) {
  revokeSessions(scope: $scope) {
    revokedCount
  }
}
`,
    variables: json({ scope: 'OTHERS' }),
  },
  {
    query: `# Records activity, which moves the idle deadline.
# The absolute deadline never moves.
mutation StaySignedIn {
  touchSession {
    lastActivityAt
    idleExpiresAt
    absoluteExpiresAt
    expiresAt
    expiryReason
  }
}
`,
  },
  {
    query: `# For back ends that sign people in themselves.
# npm run admin -- create-service-key prints a key:
# put it in place of SERVICE_KEY under Headers.
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
    query: `# The identity providers for the buttons of a
# sign-in page. Needs no token.
query IdentityProviders {
  authProviders {
    id
    name
  }
}
`,
  },
];
