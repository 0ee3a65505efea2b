import { plural } from '@lingui/core/macro';
import type { AppType } from '../../generated/sign-in-operations.ts';
import type { Problem } from '../../lib/problem.ts';

/** One of the sessions that a person may choose to end. */
export interface LimitedSession {
  id: string;
  device: string | null;
  appType: AppType;
  /** RFC 3339. */
  lastActivityAt: string;
}

/** A sign-in that was refused because the user has as many sessions as the account allows. */
export interface SessionLimit {
  limit: number;
  /** Those to choose from, the least recently active first. Null: the account does not let people choose. */
  sessions: readonly LimitedSession[] | null;
}

/** A limit with sessions to choose from. */
export interface SessionChoices extends SessionLimit {
  sessions: readonly LimitedSession[];
}

export function sessionLimitOf(problem: Problem): SessionLimit | null {
  if (problem.kind !== 'refused' || problem.code !== 'SESSION_LIMIT_REACHED') return null;
  const { limit, sessions } = problem.extensions;
  return {
    limit: Number(limit),
    sessions: Array.isArray(sessions) && sessions.length > 0 ? (sessions as LimitedSession[]) : null,
  };
}

export const hasChoices = (limit: SessionLimit): limit is SessionChoices => limit.sessions !== null;

/** How many sessions have to end before one more may begin. */
export const neededEnds = ({ limit, sessions }: SessionChoices): number =>
  Math.max(1, sessions.length - limit + 1);

/** The sessions to suggest: those chosen before, and as many of the least recently active as are needed. */
export function suggestedEnds(choices: SessionChoices, chosen: ReadonlySet<string>): Set<string> {
  const ids = choices.sessions.map(({ id }) => id);
  const suggested = new Set(ids.filter((id) => chosen.has(id)));
  for (const id of ids) {
    if (suggested.size >= neededEnds(choices)) break;
    suggested.add(id);
  }
  return suggested;
}

/** Why the sign-in was refused, where the person cannot choose. */
export const deniedMessage = ({ limit }: SessionLimit): string =>
  plural(limit, {
    one: 'You’re signed in on # device already, and your account allows no more. Sign out there, or ask an owner.',
    other:
      'You’re signed in on # devices already, and your account allows no more. Sign out on one of them, or ask an owner.',
  });
