import type { Answer } from './outgoing-post.ts';
import type { Judgement } from './stream-kind.ts';

/** What the status of an answer means. @param taken the statuses with which a receiver says that it has the event */
export function judgeStatus(status: number, isTaken: (status: number) => boolean): Judgement {
  if (isTaken(status)) return { outcome: 'delivered' };
  if (status === 410) return { outcome: 'gone', error: 'The receiver answered 410 (gone).' };
  if (status >= 300 && status < 400)
    return {
      outcome: 'failed',
      error: `The receiver redirected (${status}); redirects are not followed.`,
    };
  return { outcome: 'failed', error: `The receiver answered ${status}.` };
}

/** A member of a JSON object that the receiver answered with, where it is one of these words: no others are shown. */
export function wordIn({ body }: Answer, member: string, words: readonly string[]): string | null {
  try {
    const value = (JSON.parse(body.toString('utf8')) as Record<string, unknown> | null)?.[member];
    return words.find((word) => word === value) ?? null;
  } catch {
    return null;
  }
}
