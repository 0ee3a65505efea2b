/**
 * One word for each thing. `docs/glossary.md` is generated from this list (`npm run glossary`), and the lint rule
 * `curfew/retired-words` refuses the retired words in names, comments and texts.
 *
 * `retired` holds parts of names (`renewal` matches `createRenewal`, `RENEWAL_MS` and the word in a comment). A word
 * that is right elsewhere, such as "exchange" in OpenID Connect, stands under `instead`, for readers only.
 */
export const vocabulary = [
  {
    title: 'The end of a session',
    terms: [
      {
        term: 'end',
        meaning: 'A session stops for good, for any cause. `endedAt` and `endReason` say when and why.',
        instead: 'close, finish, be over, be gone',
        retired: ['endings'],
      },
      {
        term: 'end reason',
        meaning: 'Why a session ended: a `SessionEndReason`, and the sentence that a page shows for it.',
        instead: 'cause, arrival',
      },
      {
        term: 'revoke, revocation',
        meaning:
          'Someone decides that a session ends (RFC 7009): a sign-out, an owner, a password change, reuse.',
        instead: 'close, bulk end',
        retired: ['bulk ends', 'decided end'],
      },
      {
        term: 'expire, expiry',
        meaning: 'A deadline ends a session: the idle or the absolute one.',
        instead: 'time out, run out, be overdue',
      },
      {
        term: 'account revocation',
        meaning:
          'One row in `account_revocations` that ends every session of an account with its commit. It is *pending* until it is *applied* to the rows; its number is the *revocation epoch*.',
        instead: 'ending, mark',
        retired: ['born after', 'markings'],
      },
      {
        term: 'policy application',
        meaning:
          'One row in `policy_applications` that shortens or ends the live sessions of an account with its commit. It is *pending* until it is written into the rows.',
      },
      {
        term: 'pending change',
        meaning: 'An account revocation or a policy application that is not yet in every row.',
      },
      {
        term: 'purge',
        meaning: 'Delete ended sessions, audit rows and used flows after their retention.',
        instead: 'forget',
      },
      {
        term: 'delete, deletion',
        meaning:
          'A user or an account is gone for everyone, with one commit. Its row stays as a *pseudonym*: an id without personal data.',
        instead: 'tombstone, soft delete',
      },
      {
        term: 'erase, erasure',
        meaning:
          'Personal data of a deleted user or account is removed from rows that stay. It is *pending* until the last row is done.',
        instead: 'anonymise, scrub',
      },
      {
        term: 'expiry forecast',
        meaning: 'When live sessions will end without further activity.',
        instead: 'endings',
      },
    ],
  },
  {
    title: 'A session and its deadlines',
    terms: [
      {
        term: 'session state',
        meaning: 'Live, expired or ended, as `evaluateSession` says from the row at a given time.',
        instead: 'verdict, standing',
      },
      {
        term: 'limit',
        meaning:
          'The idle or absolute maximum of a policy. The *idle limit* counts without activity; the *absolute limit* counts from sign-in.',
        instead: 'time limit, in any case, at the latest',
      },
      {
        term: 'deadline',
        meaning: 'The moment at which a limit is reached. A deadline equal to now has passed.',
        instead: 'due date',
      },
      {
        term: 'bounds',
        meaning: 'The range that the configuration allows for a limit (`PolicyBounds`).',
        instead: 'limits',
      },
      {
        term: 'rule',
        meaning:
          'Limits of a policy for the sessions of a role, of an application type, or of both. The most specific one that fits counts.',
        instead: 'override, exception, profile',
      },
      {
        term: 'kind of session',
        meaning: 'The role of its user and its application type: what rules go by.',
        instead: 'class, category',
      },
      {
        term: 'maximum of sessions',
        meaning:
          'How many live sessions a user may have at once (`maxSessionsPerUser`). The *session limit action* says what happens to one more.',
        instead: 'quota, cap',
      },
      {
        term: 'policy snapshot',
        meaning: 'The limits that a session took from the policy when it was created.',
        instead: 'copy',
      },
      {
        term: 'warning lead',
        meaning: 'Seconds before a deadline at which its warning is sent.',
        instead: 'lead, slack',
      },
      {
        term: 'touch, activity',
        meaning:
          'Declared use of a session, which moves the idle deadline. *Buffered activity* is acknowledged and not yet written.',
        instead: 'noted, seen, span',
      },
      {
        term: 'create session',
        meaning: 'Insert the session row, in the transaction that locks its account and user.',
        instead: 'open, birth, start',
      },
      {
        term: 'new device',
        meaning:
          'A device and a network that were not seen together for the user in 90 days. A *known browser* has a cookie that says so.',
        instead: 'unknown device, unrecognised device',
      },
      {
        term: 'imported session',
        meaning:
          'A session from a token issued before Curfew. Its first rotation *upgrades* it to the current policy.',
        instead: 'adopt',
        retired: ['adopted', 'adopts'],
      },
    ],
  },
  {
    title: 'Tokens',
    terms: [
      {
        term: 'token set',
        meaning:
          'Access and refresh token as a sign-in or a refresh returns them (RFC 6749, section 5.1). A *grant* is what is presented to get tokens.',
        instead: 'grant',
        retired: ['grants'],
      },
      {
        term: 'refresh',
        meaning: 'A client gets a fresh access token.',
        instead: 'renew',
        retired: ['renewal', 'renewals', 'renewing'],
      },
      {
        term: 'rotate, rotation',
        meaning:
          'A refresh token is replaced by its successor (RFC 9700, section 4.14.2). *Token exchange* is RFC 8693, another thing.',
        instead: 'exchange, trade',
      },
      {
        term: 'replay',
        meaning: 'The same successor is returned again, within the grace or for the same `requestId`.',
        instead: 'repeat',
      },
      {
        term: 'reuse detection',
        meaning: 'A token that was replaced longer ago than the grace comes back, so the session ends.',
        instead: 'copied sign-in',
      },
      {
        term: 'session-scoped token',
        meaning:
          'An access token with the scope `session`: it can follow, keep and end its own session only.',
        instead: 'confined token',
        retired: ['confined'],
      },
      {
        term: 'service key',
        meaning: 'The credential of a trusted back end (`cfk_...`).',
        instead: 'API key',
      },
    ],
  },
  {
    title: 'Callers and events',
    terms: [
      {
        term: 'caller, viewer',
        meaning: 'A *caller* makes a request; a *viewer* is a caller who is a signed-in person.',
        instead: 'holder',
      },
      {
        term: 'session with user',
        meaning: 'A session read together with its user (`SessionWithUser`).',
        instead: 'session of user',
      },
      {
        term: 'publish, session event',
        meaning: 'Tell the other nodes, after the commit. A message may be lost; the row decides.',
        instead: 'announce, news, hint',
      },
      {
        term: 'send, delivery state',
        meaning: 'What a subscriber has been sent so far.',
        instead: 'tell, told',
      },
      {
        term: 'status check',
        meaning: 'The kit asks the server for the state of the session.',
        instead: 'inquiry, question',
        retired: ['inquiry'],
      },
    ],
  },
  {
    title: 'Programming',
    terms: [
      {
        term: 'timeout',
        meaning: 'Give up after a time (`*_TIMEOUT_MS`).',
        instead: 'patience, within, in time',
        retired: ['patience', 'patiently'],
      },
      {
        term: 'MAX_, MIN_',
        meaning: 'The prefix of an upper or lower limit constant.',
        instead: 'MOST_, LONGEST_, *_MAX',
      },
      {
        term: 'batch, shared read',
        meaning: 'One statement for many concurrent calls; one read for identical ones.',
        instead: 'together, gathered, turn',
        retired: ['gathered'],
      },
      {
        term: 'lock',
        meaning: 'Take a row lock (`lockAccountForShare`). Locks go account, user, session.',
        instead: 'hold, share',
      },
      {
        term: 'freshness, stale',
        meaning: 'Whether a node has read the rows recently enough to be believed.',
        instead: 'sight, blind',
      },
    ],
  },
];

/** Words that belong to no term: plain English has shorter ones. */
export const plainEnglish = {
  whoever: 'anyone who, or the noun',
  whomever: 'the noun',
  whatever: 'any, or the noun',
  somebody: 'someone, or the noun',
  nobody: 'no one, or the noun',
  anew: 'again',
  meanwhile: 'until then, or the noun',
};
