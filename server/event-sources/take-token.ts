import { lockAccount } from '../accounts/account-lock.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import type { SessionBus } from '../events/session-bus.ts';
import { applyEffect, publishApplied, type Applied, type Instruction } from './apply-effect.ts';
import type { EventSourceView } from './event-source.ts';
import { findSource, isTokenKnown, recordReceived, rememberToken } from './event-sources.sql.ts';
import { findPerson, type Reach } from './find-persons.sql.ts';
import { ownerEndsAllowedFrom } from './owner-ends.sql.ts';
import { paceSource, secondsBetween } from './source-limits.ts';
import type { PersonIdentifier } from './subject.ts';
import type { TokenLimited } from './token-refusal.ts';
import type { CheckedToken } from './token-rules.ts';

/** What a verified token of a source asks for. Null: nothing, but that it was received. */
export interface TokenContent extends Pick<Instruction, 'effect' | 'event'> {
  identifiers: readonly PersonIdentifier[];
  reach: Reach;
}

/**
 * `repeated`: the token was taken before. `gone`: the source has been deleted since. `limited`: the source sends too much, and
 * the token may come again. None of them changed anything.
 */
export type Taken = { kind: 'taken' | 'repeated' | 'gone' } | TokenLimited;

/**
 * Takes a verified token: remembers it and does what it asks for in one transaction, so that it is done exactly once, on
 * any node and however often it comes.
 */
export type TakeToken = (
  source: EventSourceView,
  token: CheckedToken,
  content: TokenContent | null,
  ipAddress: string | null,
) => Promise<Taken>;

export function createTakeToken({
  database,
  audit,
  bus,
  clock,
}: {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
}): TakeToken {
  return async (given, { hash: tokenHash, keepUntil, issuedAt }, content, ipAddress) => {
    const { id: sourceId, accountId } = given;
    async function judge(
      em: EntityManager,
      source: EventSourceView,
      now: Date,
    ): Promise<Judged | TokenLimited> {
      const paced = paceSource(source.pacedUntil, now);
      if ('retryAfterSeconds' in paced) return tooManyTokens(paced);
      const userId = content && (await findPerson(em, content.identifiers, content.reach));
      const ends = content !== null && content.effect !== 'enable';
      const allowedFrom = ends && userId !== null ? await ownerEndsAllowedFrom(em, userId, now) : null;
      return allowedFrom ? ownerEndedTooOften(now, allowedFrom) : { kind: 'judged', userId, ...paced };
    }

    // Without the account's lock: a source that sends too much, or the same again, must not hold it all the time.
    const isKnown = await database.withTimeout(isTokenKnown(database.em(), { sourceId, tokenHash }));
    if (isKnown) return { kind: 'repeated' };
    const early = await database.withTimeout(judge(database.em(), given, clock.now()));
    if (early.kind === 'limited') return early;
    const { taken, applied } = await database.accountTransaction(accountId, async (em): Promise<Outcome> => {
      await lockAccount(em, accountId);
      const source = await findSource(em, sourceId);
      if (!source) return unchanged({ kind: 'gone' });
      const now = clock.now();
      const judged = await judge(em, source, now);
      if (judged.kind === 'limited') return unchanged(judged);
      if (!(await rememberToken(em, { sourceId, tokenHash, keepUntil })))
        return unchanged({ kind: 'repeated' });
      const { userId, pacedUntil } = judged;
      await recordReceived(em, { id: sourceId, now, pacedUntil });
      if (!content || userId === null) return unchanged({ kind: 'taken' });
      const { effect, event } = content;
      const instruction = { source, userId, effect, event, issuedAt, ipAddress };
      return { taken: { kind: 'taken' }, applied: await applyEffect(em, instruction, audit, now) };
    });
    if (applied) publishApplied(bus, applied);
    return taken;
  };
}

/** The token may be taken. `userId` null: it is about no one here. */
interface Judged {
  kind: 'judged';
  userId: string | null;
  pacedUntil: Date;
}

interface Outcome {
  taken: Taken;
  applied: Applied | null;
}

const unchanged = (taken: Taken): Outcome => ({ taken, applied: null });

const tooManyTokens = ({ retryAfterSeconds }: { retryAfterSeconds: number }): TokenLimited => ({
  kind: 'limited',
  description: 'The source sends more than is taken.',
  retryAfterSeconds,
});

const ownerEndedTooOften = (now: Date, allowedFrom: Date): TokenLimited => ({
  kind: 'limited',
  description: 'The source signs an owner out more often than it may.',
  retryAfterSeconds: secondsBetween(now, allowedFrom),
});
