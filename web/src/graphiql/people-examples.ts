import { type Example, json } from './example.ts';

/** For owners: the people of the account. */
export const peopleExamples: readonly Example[] = [
  {
    query: `# The people of the account by name. search finds a
# part of the name or e-mail; status is one of ACTIVE,
# INVITED, DEACTIVATED and EXTERNAL.
query Users($search: String, $status: UserStatus) {
  users(first: 20, search: $search, status: $status) {
    totalCount
    edges {
      node {
        id
        name
        email
        role
        status
        lastLoginAt
        sessionCount
        linkExpiresAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
    variables: json({ search: null, status: null }),
  },
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
    query: `# Invites several people in one step. As it stands it
# only says what it would do: see dryRun.
mutation InviteUsers($input: [InviteUsersEntry!]!, $dryRun: Boolean) {
  inviteUsers(input: $input, dryRun: $dryRun) {
    email
    status
    code
    reason
    setPasswordUrl
    sentByMail
  }
}
`,
    variables: json({
      input: [
        { email: 'ana@demo.curfew.test', name: 'Ana New' },
        { email: 'ben@demo.curfew.test', name: 'Ben New', role: 'OWNER' },
      ],
      dryRun: true,
    }),
  },
  {
    query: `# A new link to set a password, for someone who was
# invited or has forgotten theirs.
mutation NewPasswordLink($userId: ID!) {
  resetUserPassword(userId: $userId) {
    setPasswordUrl
    sentByMail
  }
}
`,
    variables: json({ userId: 'USER_ID' }),
  },
  {
    query: `# Changes the name that others see.
mutation RenameUser($userId: ID!, $name: String!) {
  renameUser(userId: $userId, name: $name) {
    name
  }
}
`,
    variables: json({ userId: 'USER_ID', name: 'Noor Newname' }),
  },
  {
    query: `# Makes a person an owner or a member, with the id
# from Users.
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
    query: `# Signs a person out everywhere.
mutation RevokeUserSessions($userId: ID!) {
  revokeUserSessions(userId: $userId) {
    revokedCount
  }
}
`,
    variables: json({ userId: 'USER_ID' }),
  },
  {
    query: `# Deletes a person for good: their sessions end, and
# their name and e-mail leave every row.
mutation DeleteUser($userId: ID!) {
  deleteUser(userId: $userId)
}
`,
    variables: json({ userId: 'USER_ID' }),
  },
];
