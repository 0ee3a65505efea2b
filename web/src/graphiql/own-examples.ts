import { type Example, json } from './example.ts';

/** For everyone: what a person reads and does about their own sign-in. */
export const ownExamples: readonly Example[] = [
  {
    query: `# Who you are, and the session of this sign-in.
query Me {
  viewer {
    id
    name
    email
    role
    account {
      id
      name
    }
  }
  currentSession {
    id
    device
    authenticationMethod
    idleExpiresAt
    absoluteExpiresAt
  }
  serverTime
}
`,
  },
  {
    query: `# What you did, and what was done to you, newest
# first. Members read only this part of the trail.
query OwnActivity {
  ownActivity(first: 20) {
    edges {
      node {
        createdAt
        action
        actorName
        ipAddress
      }
    }
  }
}
`,
  },
  {
    query: `# You, again, in the same session: both limits start
# again, and sensitive operations go through for a
# while. Without refreshToken, that of the cookie.
mutation Reauthenticate($input: ReauthenticateInput!) {
  reauthenticate(input: $input) {
    accessToken
    refreshToken
    absoluteExpiresAt
  }
}
`,
    variables: json({ input: { password: 'PASSWORD', refreshToken: 'REFRESH_TOKEN' } }),
  },
  {
    query: `# How you can do that: by password, at a provider.
query ReauthenticationOptions {
  reauthenticationOptions {
    password
    providers {
      id
      name
    }
  }
}
`,
  },
  {
    query: `# Changes your password, and ends your other sessions.
mutation ChangePassword($input: ChangePasswordInput!) {
  changePassword(input: $input) {
    endedSessions
  }
}
`,
    variables: json({ input: { currentPassword: 'PASSWORD', newPassword: 'NEW_PASSWORD' } }),
  },
  {
    query: `# Mails a link to set a password, where Curfew sends
# mail. The answer is the same for everyone, so that it
# tells no one who exists. Needs no token.
mutation ForgottenPassword($email: String!) {
  requestPasswordReset(email: $email)
}
`,
    variables: json({ email: 'owner@demo.curfew.test' }),
  },
  {
    query: `# For whom a link is. Does not use it up. Needs no
# token but the link's, which follows #token= in it.
mutation OpenPasswordLink($token: String!) {
  openPasswordLink(token: $token) {
    name
    email
    accountName
    role
    expiresAt
  }
}
`,
    variables: json({ token: 'LINK_TOKEN' }),
  },
  {
    query: `# Uses a link up, and signs in.
mutation SetPassword($input: SetPasswordInput!) {
  setPassword(input: $input) {
    user {
      email
    }
    accessToken
    refreshToken
  }
}
`,
    variables: json({ input: { token: 'LINK_TOKEN', newPassword: 'NEW_PASSWORD' } }),
  },
  {
    query: `# Ends the session of this sign-in.
mutation SignOut {
  logout {
    ended
  }
}
`,
  },
];
