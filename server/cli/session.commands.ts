import { isSessionId } from '../database/ids.ts';
import { REPORT_TIMEOUT_MS } from '../database/timeouts.ts';
import { AppError } from '../errors.ts';
import { endOfSession, type Session } from '../rules/session.ts';
import { findSessionWithUser } from '../sessions/session-queries.ts';
import { listSessions } from '../sessions/session-list.sql.ts';
import { deviceName } from '../sessions/user-agent.ts';
import type { Command } from './command.ts';
import { endSessionsCommand } from './end-sessions.command.ts';
import { JSON_FLAG, print, printList, readLimit, shownTime, toPage } from './output.ts';
import { formatFacts } from './table.ts';
import { findAccountById, findUserBy, readOneOf } from './targets.ts';

const LIST_TARGETS = ['account', 'user', 'email'] as const;

const listSessionsCommand: Command = {
  usage: '(--account ID or --user ID or --email EMAIL) [--ended] [--limit N] [--json]',
  summary:
    'Lists live sessions, or ended ones, latest sign-in first: user, device, last activity, deadlines and how they ended.',
  optional: [...LIST_TARGETS, 'limit'],
  flags: ['ended', JSON_FLAG],
  prepare(given) {
    const by = readOneOf(given, LIST_TARGETS);
    const limit = readLimit(given);
    return async ({ database, now }) => {
      const text = given.text(by)!;
      const em = database.em();
      const of =
        by === 'account'
          ? { accountId: (await findAccountById(em, text)).id }
          : await findUserBy(em, by, text).then(({ id, accountId }) => ({ accountId, userId: id }));
      const filter = { ...of, status: given.has('ended') ? ('ENDED' as const) : ('ACTIVE' as const) };
      const rows = await database.longTransaction(REPORT_TIMEOUT_MS, (em) =>
        listSessions(em, filter, { first: limit, after: null }, now),
      );
      const page = toPage(
        rows.map((session) => sessionView(session, now)),
        limit,
      );
      const none = given.has('ended') ? 'There are no ended sessions.' : 'There are no live sessions.';
      return printList(
        given,
        { name: 'sessions', none, page },
        {
          id: ({ id }) => id,
          user: ({ user }) => user?.email ?? '-',
          app: ({ appType }) => appType,
          device: ({ device }) => device ?? '-',
          started: ({ authenticatedAt }) => shownTime(authenticatedAt),
          'last activity': ({ lastActivityAt }) => shownTime(lastActivityAt),
          'idle deadline': ({ idleExpiresAt }) => shownTime(idleExpiresAt),
          'absolute deadline': ({ absoluteExpiresAt }) => shownTime(absoluteExpiresAt),
          state: ({ state }) => state,
          ended: ({ endedAt }) => shownTime(endedAt),
          'end reason': ({ endReason }) => endReason ?? '-',
        },
      );
    };
  },
};

const showSessionCommand: Command = {
  usage: '--session ID [--json]',
  summary: 'Shows one session, live or ended.',
  required: ['session'],
  flags: [JSON_FLAG],
  prepare:
    (given) =>
    async ({ database, now }) => {
      const id = given.required('session');
      const found = isSessionId(id) ? await findSessionWithUser(database.em(), id) : null;
      if (!found) throw new AppError('NOT_FOUND', `No session has the id ${id}.`);
      const session = sessionView(found.session, now);
      return print(given, { session }, () =>
        formatFacts([
          ['session', session.id],
          ['user', `${found.user.name} <${found.user.email}> (${session.userId})`],
          ['account', session.accountId],
          ['application type', session.appType],
          ['device', session.device ?? '-'],
          ['user agent', session.userAgent ?? '-'],
          ['address', session.ipAddress ?? '-'],
          ['started', shownTime(session.authenticatedAt)],
          ['last activity', shownTime(session.lastActivityAt)],
          ['idle deadline', shownTime(session.idleExpiresAt)],
          ['absolute deadline', shownTime(session.absoluteExpiresAt)],
          ['state', session.state],
          ['ended', shownTime(session.endedAt)],
          ['end reason', session.endReason ?? '-'],
        ]),
      );
    },
};

export const sessionCommands: Record<string, Command> = {
  'list-sessions': listSessionsCommand,
  'show-session': showSessionCommand,
  'end-sessions': endSessionsCommand,
};

/** A session past a deadline has ended, whether or not its row says so yet. */
function sessionView(session: Session, now: Date) {
  const end = endOfSession(session, now);
  const { user, ...rest } = session;
  return {
    id: rest.id,
    accountId: rest.accountId,
    userId: rest.userId,
    user: user ? { id: user.id, name: user.name, email: user.email, role: user.role } : null,
    appType: rest.appType,
    device: deviceName(rest.userAgent),
    userAgent: rest.userAgent,
    ipAddress: rest.ipAddress,
    authenticatedAt: rest.authenticatedAt,
    lastActivityAt: rest.lastActivityAt,
    idleExpiresAt: rest.idleExpiresAt,
    absoluteExpiresAt: rest.absoluteExpiresAt,
    idleMinutes: inMinutes(rest.idleSeconds),
    absoluteMinutes: inMinutes(rest.absoluteSeconds),
    state: end ? 'ended' : 'live',
    endedAt: end?.endedAt ?? null,
    endReason: end?.endReason ?? null,
  };
}

const inMinutes = (seconds: number | null): number | null => (seconds === null ? null : seconds / 60);
