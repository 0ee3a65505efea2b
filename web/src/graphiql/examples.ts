interface Example {
  query: string;
  variables?: string;
  headers?: string;
}

const json = (value: unknown) => JSON.stringify(value, null, 2);

/** What a trusted back end sends; a typed header wins over whoever signed in through this page. */
const asService = json({ Authorization: 'Bearer SERVICE_KEY' });

/** The tabs GraphiQL opens with, in the order of a first visit. A tab is titled after its operation. */
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
    query: `# What the account's owner has set, what applies
# (the defaults where nothing is set), and who is
# signed in now.
query ReadThePolicy {
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
    query: `# What would this policy do to the sessions that
# are open now? It only counts; nothing changes.
query PreviewAChange($input: UpdateSessionPolicyInput!) {
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
    query: `# NEXT_LOGIN leaves open sessions as they are.
# ACTIVE_SESSIONS shortens them at once and ends
# those past the new limits, perhaps yours too.
mutation ChangeThePolicy($input: UpdateSessionPolicyInput!) {
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
    query: `# Who is signed in, on which device, until when.
# An owner sees the account's sessions, a member
# their own. Try status ENDED, too.
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
    query: `# Tells you in time that your session will end,
# that its deadline has moved, and that it is over.
# Until there is something to tell, it listens.
# The Run button stops it; so does another tab.
subscription WatchTheWarning {
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
    query: `# Signs out everyone in the account but you.
# ALL instead of OTHERS signs you out as well.
mutation Revoke($scope: RevokeScope! = OTHERS) {
  revokeSessions(scope: $scope) {
    revokedCount
  }
}
`,
    variables: json({ scope: 'OTHERS' }),
  },
  {
    query: `# Records activity: the idle deadline moves later,
# the absolute one never does.
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
# Whoever is new here is created as a member.
mutation OpenASession($input: CreateSessionInput!) {
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
    query: `# On every request: is the session still good?
# The sessionToken comes from OpenASession. With
# touch false the question is no activity.
mutation CheckASession($input: ValidateSessionInput!) {
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
    query: `# Whom people can sign in with besides a password,
# for the buttons of a sign-in page. Needs no token.
query IdentityProviders {
  authProviders {
    id
    name
  }
}
`,
  },
];
