import type { Answer } from '../graphql-client.ts';
import type { TestApp } from '../harness.ts';
import { REFRESH, type SignedIn } from '../seed.ts';

export const signIn = async (app: TestApp): Promise<SignedIn> => (await app.seed.account()).owner.login();

export const present = (app: TestApp, refreshToken: string, input: object = {}): Promise<Answer> =>
  app.gql(REFRESH, { input: { refreshToken, ...input } });

/** Returns the successor of `refreshToken`. */
export async function rotate(app: TestApp, refreshToken: string, input: object = {}): Promise<string> {
  const answer = await present(app, refreshToken, input);
  expect(answer.errors).toBeUndefined();
  return answer.data.refreshSession.refreshToken;
}

/** Rotates `times` times, `intervalMs` apart. Returns every token, the live one last. */
export async function rotateTimes(
  app: TestApp,
  refreshToken: string,
  times: number,
  intervalMs: number,
): Promise<string[]> {
  const tokens = [refreshToken];
  for (let turn = 0; turn < times; turn += 1) {
    if (turn > 0) app.clock.advance(intervalMs);
    tokens.push(await rotate(app, tokens.at(-1)!));
  }
  return tokens;
}
