import { type Example, json } from './example.ts';
import { eventExamples } from './event-examples.ts';
import { ownExamples } from './own-examples.ts';
import { ownerExamples } from './owner-examples.ts';
import { peopleExamples } from './people-examples.ts';
import { serviceExamples } from './service-examples.ts';

/** The initial tabs of GraphiQL, in the order of a first visit. A tab has the name of its operation. */
export const examples: Example[] = [
  {
    query: `# "Use my dashboard sign-in" below needs no password.
# Or put yours in place of PASSWORD and press Run.
# (Curfew printed the demo's when it started.)
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
    query: `# When current sessions will end without further
# activity: 24 periods of the hours given.
query ExpiryForecast($hours: Int = 12) {
  sessionExpiryForecast(hours: $hours) {
    startsAt
    endsAt
    idle
    absolute
  }
}
`,
    variables: json({ hours: 12 }),
  },
  {
    query: `# Signs out one session, with an id from Sessions.
mutation RevokeOne($sessionId: ID!) {
  revokeSession(sessionId: $sessionId) {
    revokedCount
  }
}
`,
    variables: json({ sessionId: 'SESSION_ID' }),
  },
  {
    query: `# Signs out up to 100 sessions in one step, or none of
# them where one cannot be found.
mutation RevokeSelected($sessionIds: [ID!]!) {
  revokeSelectedSessions(sessionIds: $sessionIds) {
    revokedCount
  }
}
`,
    variables: json({ sessionIds: ['SESSION_ID', 'ANOTHER_ID'] }),
  },
  ...peopleExamples,
  ...ownerExamples,
  ...eventExamples,
  ...ownExamples,
  ...serviceExamples,
  {
    query: `# Every session of the account that starts, changes
# or ends, while this listens. Works for owners, and
# with a service key under Headers.
subscription WatchAccountSessions {
  accountSessions {
    kind
    session {
      id
      user {
        name
      }
      expiresAt
      endReason
    }
  }
}
`,
  },
  {
    query: `# Sign-ins of yours from a new device, as they happen.
# Sign in elsewhere to see one. The session that
# signs in is told nothing.
subscription WatchNewDevices {
  newDeviceSignIns {
    id
    device
    ipAddress
    authenticatedAt
  }
}
`,
  },
  {
    query: `# What a sign-in page offers: identity providers, and
# links by mail. Needs no token.
query IdentityProviders {
  authProviders {
    id
    name
  }
  signInOptions {
    passwordResetByMail
  }
}
`,
  },
];
