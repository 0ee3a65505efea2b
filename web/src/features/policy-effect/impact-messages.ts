import { plural, t } from '@lingui/core/macro';
import type { PolicyImpactQuery } from '../../generated/policy-operations.ts';
import { sessions } from '../../lib/count.ts';
import { kindInWords } from '../policy-words/kind-in-words.ts';

export type Impact = PolicyImpactQuery['sessionPolicyImpact'];

/** The impact of applying the limits to current sessions: numbers that add up, and what happens to the viewer's own. */
export function impactNow(impact: Impact): string {
  const { activeSessions, endNow, endsViewerSession } = impact;
  if (activeSessions === 1) return impactOnTheOnlySession(impact);
  return joined(endingNow(activeSessions, endNow, endsViewerSession), rest(impact), soon(impact));
}

function impactOnTheOnlySession({ endsViewerSession, shortensViewerSession }: Impact): string {
  if (endsViewerSession) return t`Your own session, the only one, ends now.`;
  return shortensViewerSession
    ? t`Your own session, the only one, gets the shorter limits.`
    : t`Your own session, the only one, keeps its limits.`;
}

function endingNow(all: number, ended: number, isMine: boolean): string | null {
  if (ended === 0) return t`No session ends now.`;
  if (ended === all)
    return plural(all, {
      one: '# session ends now: yours.',
      other: 'All # sessions end now, yours included.',
    });
  const total = sessions(all);
  if (isMine)
    return plural(ended, {
      one: `# of ${total} ends now: yours.`,
      other: `# of ${total} end now, yours included.`,
    });
  return plural(ended, { one: `# of ${total} ends now.`, other: `# of ${total} end now.` });
}

/** The sessions that do not end now: they get the shorter limits, or keep theirs. */
function rest({
  activeSessions,
  endNow,
  shortened,
  endsViewerSession,
  shortensViewerSession,
}: Impact): string | null {
  const left = activeSessions - endNow;
  const kept = left - shortened;
  const isMine = !endsViewerSession;
  if (left === 0) return null;
  if (kept === 0) return endNow === 0 ? allShortened(left) : restShortened(left, isMine);
  if (shortened === 0) return endNow === 0 ? allKept(left) : restKept(left, isMine);
  if (!isMine)
    return plural(shortened, {
      one: `# of the others gets the shorter limits, ${kept} keep theirs.`,
      other: `# of the others get the shorter limits, ${kept} keep theirs.`,
    });
  if (shortensViewerSession)
    return plural(shortened, {
      one: `# gets the shorter limits: yours. ${kept} keep theirs.`,
      other: `# get the shorter limits, yours included. ${kept} keep theirs.`,
    });
  return plural(shortened, {
    one: `# gets the shorter limits. ${kept} keep theirs, yours included.`,
    other: `# get the shorter limits. ${kept} keep theirs, yours included.`,
  });
}

const allShortened = (all: number): string =>
  plural(all, {
    one: 'Yours gets the shorter limits.',
    other: 'All #, yours included, get the shorter limits.',
  });

const restShortened = (left: number, isMine: boolean): string =>
  isMine
    ? plural(left, {
        one: 'The other one, yours, gets the shorter limits.',
        other: 'The other #, yours included, get the shorter limits.',
      })
    : plural(left, {
        one: 'The other one gets the shorter limits.',
        other: 'The other # get the shorter limits.',
      });

const allKept = (all: number): string =>
  plural(all, { one: 'Yours keeps its limits.', other: 'All #, yours included, keep their limits.' });

const restKept = (left: number, isMine: boolean): string =>
  isMine
    ? plural(left, {
        one: 'The other one, yours, keeps its limits.',
        other: 'The other #, yours included, keep their limits.',
      })
    : plural(left, { one: 'The other one keeps its limits.', other: 'The other # keep their limits.' });

/** Those that live on, but not for long. */
const soon = ({ endWithinHour }: Impact): string | null =>
  endWithinHour === 0
    ? null
    : plural(endWithinHour, {
        one: 'Of these, # ends within an hour unless used.',
        other: 'Of these, # end within an hour unless used.',
      });

/** The text of the confirmation: the same numbers, and what they mean for people. */
export function endNowWarning(impact: Impact): string {
  const { activeSessions, endNow, endsViewerSession } = impact;
  if (activeSessions === 1 && endsViewerSession)
    return t`Your own session ends as soon as you save. You’ll have to sign in again.`;
  const total = sessions(activeSessions);
  const first = endsViewerSession
    ? plural(endNow, {
        one: `# of ${total}, yours, ends as soon as you save. You’ll have to sign in again.`,
        other: `# of ${total}, yours included, end as soon as you save. Those people have to sign in again.`,
      })
    : plural(endNow, {
        one: `# of ${total} ends as soon as you save. That person has to sign in again.`,
        other: `# of ${total} end as soon as you save. Those people have to sign in again.`,
      });
  return joined(first, rest(impact), soon(impact));
}

/** The impact of applying the limits from the next sign-in, compared with applying them now. */
export function impactFromNextSignIn({ activeSessions, endNow, endsViewerSession }: Impact): string {
  const keep = plural(activeSessions, {
    one: 'No one is signed out. Your own session, the only one, keeps its limits.',
    other: 'No one is signed out. The # current sessions, yours included, keep their limits.',
  });
  if (endNow === 0) return keep;
  const now = endsViewerSession
    ? plural(endNow, {
        one: 'Applied now, # of them would end: yours.',
        other: 'Applied now, # of them would end, yours included.',
      })
    : plural(endNow, {
        one: 'Applied now, # of them would end.',
        other: 'Applied now, # of them would end.',
      });
  return joined(keep, now);
}

/**
 * The impact of applying the policy now, in a line for each rule that has sessions and for those that no rule fits. None
 * without rules.
 */
export const impactByRule = ({ byRule }: Impact): string[] =>
  byRule.every(({ rule }) => rule === null)
    ? []
    : byRule.filter(({ activeSessions }) => activeSessions > 0).map(impactOfRule);

function impactOfRule({ rule, activeSessions, endNow, shortened }: Impact['byRule'][number]): string {
  const kind = rule ? kindInWords(rule) : t`Sessions that no rule fits`;
  const kept = activeSessions - endNow - shortened;
  const effects = [
    endNow > 0 && plural(endNow, { one: '# session ends now', other: '# sessions end now' }),
    shortened > 0 && plural(shortened, { one: '# ends sooner', other: '# end sooner' }),
    kept > 0 && plural(kept, { one: '# keeps its limits', other: '# keep their limits' }),
  ];
  const effect = effects.filter((each) => each !== false).join(', ');
  return t`${kind}: ${effect}.`;
}

/** Whole sentences, one after the other. */
const joined = (...sentences: (string | null)[]): string =>
  sentences.filter((sentence) => sentence !== null).join(' ');
