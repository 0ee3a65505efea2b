import { type Example, json } from './example.ts';

/** For owners: applications, the account and the audit trail. */
export const ownerExamples: readonly Example[] = [
  {
    query: `# The service keys of the account, newest first.
query ServiceKeys {
  serviceKeys(first: 20) {
    totalCount
    edges {
      node {
        id
        name
        createdAt
        createdBy {
          name
        }
        expiresAt
        lastUsedAt
        isActive
        sessionCount
      }
    }
  }
}
`,
  },
  {
    query: `# Creates a service key of the account. The key is
# shown only here: Curfew stores a hash of it.
mutation CreateServiceKey($input: CreateServiceKeyInput!) {
  createServiceKey(input: $input) {
    key
    serviceKey {
      id
      name
      expiresAt
    }
  }
}
`,
    variables: json({ input: { name: 'Shop', expiresInDays: 365 } }),
  },
  {
    query: `# Revokes a key, with an id from ServiceKeys. What
# uses it stops at once.
mutation RevokeServiceKey($keyId: ID!) {
  revokeServiceKey(keyId: $keyId) {
    name
    revokedAt
  }
}
`,
    variables: json({ keyId: 'KEY_ID' }),
  },
  {
    query: `# Who did what, newest first. With an action such as
# session.started, only those.
query AuditTrail($action: String) {
  auditEvents(first: 20, action: $action) {
    totalCount
    edges {
      node {
        createdAt
        action
        actorName
        subject {
          name
        }
        details
        ipAddress
      }
    }
  }
}
`,
    variables: json({ action: null }),
  },
  {
    query: `# The limits that applied to sign-ins at a moment,
# and who had set them.
query PolicyOnDate($at: DateTime!) {
  sessionPolicyAt(at: $at) {
    effectiveIdleMinutes
    effectiveAbsoluteMinutes
    isCustomised
    since
    setByName
  }
}
`,
    variables: json({ at: '2027-01-31T12:00:00Z' }),
  },
  {
    query: `# Every version of the policy, newest first: who saved
# it, and what it did to the sessions of then.
query PolicyVersions {
  sessionPolicyVersions(first: 20) {
    totalCount
    edges {
      node {
        version
        createdAt
        createdBy {
          name
        }
        effectiveIdleMinutes
        effectiveAbsoluteMinutes
        apply
        endedSessions
        shortenedSessions
        restoredFrom
      }
    }
  }
}
`,
  },
  {
    query: `# Saves an earlier version again, as a new one.
# expectedVersion is the current one, so that no one
# else's save is lost.
mutation RestorePolicy($version: Int!, $expectedVersion: Int) {
  restoreSessionPolicy(
    version: $version
    apply: NEXT_LOGIN
    expectedVersion: $expectedVersion
  ) {
    sessionPolicy {
      version
      standards {
        title
        verdict
      }
    }
    endedSessions
    shortenedSessions
  }
}
`,
    variables: json({ version: 1, expectedVersion: null }),
  },
  {
    query: `# Why a session ends when it does, or why it has
# ended. An id from Sessions; members see their own.
query ExplainSession($sessionId: ID!) {
  explainSession(sessionId: $sessionId) {
    endsBecause
    policyVersion
    rule {
      role
      appType
    }
    timeline {
      at
      kind
      text
    }
  }
}
`,
    variables: json({ sessionId: 'SESSION_ID' }),
  },
  {
    query: `# Renames the account: people see the name when they
# are invited.
mutation RenameAccount($name: String!) {
  renameAccount(name: $name) {
    id
    name
  }
}
`,
    variables: json({ name: 'ACCOUNT_NAME' }),
  },
];
