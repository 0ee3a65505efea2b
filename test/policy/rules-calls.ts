import type { Collector } from '../graphql-client.ts';
import type { SignedIn } from '../seed.ts';
import { waitUntil } from '../wait-until.ts';
import { dataOf } from './policy-calls.ts';

// Calls that the tests of rules and of the maximum of sessions share.

const RULES = `idleMinutes absoluteMinutes rules { role appType idleMinutes absoluteMinutes }
  maxSessionsPerUser sessionLimitAction preset version`;
const READ_RULES = `{ sessionPolicy { ${RULES} } }`;
export const SAVE_RULES = `mutation ($input: UpdateSessionPolicyInput!) {
  updateSessionPolicy(input: $input) { endedSessions shortenedSessions sessionPolicy { ${RULES} } } }`;
export const IMPACT_BY_RULE = `query ($input: UpdateSessionPolicyInput!) { sessionPolicyImpact(input: $input) {
  activeSessions endNow shortened endsViewerSession shortensViewerSession
  byRule { rule { role appType idleMinutes absoluteMinutes } activeSessions endNow shortened } } }`;

export const readRules = async (who: SignedIn): Promise<any> =>
  dataOf(await who.gql(READ_RULES)).sessionPolicy;

/** What the change did, and the policy after it. */
export const saveRules = async (who: SignedIn, input: Record<string, unknown>): Promise<any> =>
  dataOf(await who.gql(SAVE_RULES, { input })).updateSessionPolicy;

export const readImpactByRule = async (who: SignedIn, input: Record<string, unknown>): Promise<any> =>
  dataOf(await who.gql(IMPACT_BY_RULE, { input })).sessionPolicyImpact;

export interface Rule {
  role: 'OWNER' | 'MEMBER' | null;
  appType: 'CONTROL_PANEL' | 'TENANT_APP' | null;
  idleMinutes: number;
  absoluteMinutes: number;
}

export const rule = (
  role: Rule['role'],
  appType: Rule['appType'],
  idleMinutes: number,
  absoluteMinutes: number,
): Rule => ({ role, appType, idleMinutes, absoluteMinutes });

const HEARD_TIMEOUT_MS = 500;

/**
 * Resolves once each subscription of `sessionExpiry` has begun, which is after its first read of the session: before that
 * nothing is a change. `shorten` applies a policy that is a little shorter each time, until all have been told.
 */
export async function untilBegun(
  heard: readonly Collector[],
  shorten: (time: number) => Promise<unknown>,
): Promise<void> {
  const haveBegun = () => heard.every(({ events }) => events.length > 0);
  for (let time = 1; !haveBegun(); time += 1) {
    await shorten(time);
    await waitUntil(async () => haveBegun(), { what: 'SHORTENED', timeoutMs: HEARD_TIMEOUT_MS }).catch(
      () => {},
    );
  }
}

/** The event with that deadline: earlier ones are of what began the subscription. */
export async function nextWith(heard: Collector, expiresAt: Date): Promise<any> {
  for (;;) {
    const event = await heard.next();
    if (event.expiresAt === expiresAt.toISOString()) return event;
  }
}
