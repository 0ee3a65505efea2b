import { LOGIN, PASSWORD } from '../seed.ts';
import type { Grant, HonestClient } from './client.ts';
import { askUntilAnswered, type Entrances } from './entry-points.ts';
import type { Tally } from './tally.ts';

export interface Credentials {
  email: string;
  password?: string;
}

const REVOKE = 'mutation Revoke($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }';

export interface Waiting {
  isNeeded(): boolean;
}

const SIGN_IN_TIMEOUT_MS = 30_000;

/** Between the rounds, while everything works. */
export const waitLonger = (): Waiting => {
  const began = performance.now();
  return { isNeeded: () => performance.now() - began < SIGN_IN_TIMEOUT_MS };
};

/** Signs in, and repeats while the answer is UNAVAILABLE. */
export async function signIn(
  { email, password = PASSWORD }: Credentials,
  { entrances, tally }: { entrances: Entrances; tally: Tally },
  waiting = waitLonger(),
): Promise<Grant | null> {
  const request = { query: LOGIN, variables: { input: { email, password } } };
  const reply = await askUntilAnswered(entrances, 0, () => request, waiting);
  if (reply?.answer.code) tally.faults.push(`login: ${reply.answer.code}`);
  return reply?.answer.data?.login ?? null;
}

/** Ends a user's session, and repeats until that is acknowledged. */
export async function revoke(
  owner: Grant,
  client: HonestClient,
  { entrances, tally }: { entrances: Entrances; tally: Tally },
  waiting: Waiting,
): Promise<boolean> {
  client.expectEnd();
  const request = { query: REVOKE, variables: { id: client.sessionId }, token: owner.accessToken };
  const reply = await askUntilAnswered(entrances, 1, () => request, waiting);
  if (!reply) return false;
  if (reply.answer.code) tally.faults.push(`revokeSession: ${reply.answer.code}`);
  else client.confirmEnd();
  return reply.answer.code === undefined;
}
