import { type Example, json } from './example.ts';

/** For owners: people, applications and the audit trail. */
export const ownerExamples: readonly Example[] = [
  {
    query: `# Invites a person. Send them the link: it works
# once, for 24 hours.
mutation InviteUser($input: InviteUserInput!) {
  inviteUser(input: $input) {
    user {
      id
      name
    }
    setPasswordUrl
  }
}
`,
    variables: json({ input: { email: 'noor@demo.curfew.test', name: 'Noor New', role: 'MEMBER' } }),
  },
  {
    query: `# Makes a person an owner or a member, with the id
# from InviteUser or Sessions.
mutation SetUserRole($userId: ID!, $role: Role!) {
  setUserRole(userId: $userId, role: $role) {
    name
    role
  }
}
`,
    variables: json({ userId: 'USER_ID', role: 'OWNER' }),
  },
  {
    query: `# Deactivates a person, which ends their sessions,
# or reactivates them.
mutation SetUserActive($userId: ID!, $isActive: Boolean!) {
  setUserActive(userId: $userId, isActive: $isActive) {
    name
    isActive
  }
}
`,
    variables: json({ userId: 'USER_ID', isActive: false }),
  },
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
];
