import type { SignedIn } from '../seed.ts';
import { dataOf } from './policy-calls.ts';

// Calls that the tests of explanations share.

export const EXPLAIN = `query ($id: ID!) { explainSession(sessionId: $id) { session { id endReason } policyVersion
  rule { role appType idleMinutes absoluteMinutes }
  idleLimitSource { policyVersion rule { role appType idleMinutes absoluteMinutes } }
  absoluteLimitSource { policyVersion rule { role appType idleMinutes absoluteMinutes } }
  endsBecause timeline { at kind text policyVersion } } }`;

export const explain = async (sessionId: string, who: SignedIn): Promise<any> =>
  dataOf(await who.gql(EXPLAIN, { id: sessionId })).explainSession;

export const kindsOf = ({ timeline }: any): string[] => timeline.map(({ kind }: any) => kind);

/** In order, from the sign-in to the end, and nothing else. */
export function expectWholeTimeline({ timeline, endsBecause }: any): void {
  const times = timeline.map(({ at }: any) => at);
  expect(times).toEqual(times.toSorted());
  expect(['SIGNED_IN', 'REAUTHENTICATED']).toContain(timeline[0].kind);
  expect(timeline.at(-1)).toMatchObject({ kind: expect.stringMatching(/^END/), text: endsBecause });
  expect(timeline.filter(({ kind }: any) => /^END/.test(kind))).toHaveLength(1);
}
