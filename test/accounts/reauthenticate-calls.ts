import type { Answer, CallOptions } from '../graphql-client.ts';
import type { TestApp } from '../harness.ts';
import { PASSWORD, type SignedIn } from '../seed.ts';

const PAYLOAD = `accessToken accessTokenExpiresAt refreshToken idleExpiresAt absoluteExpiresAt serverTime
  session { id authenticatedAt lastActivityAt idleExpiresAt absoluteExpiresAt idleMinutes absoluteMinutes isCurrent
    expiresAt expiryReason canReauthenticate authenticationMethod authenticationProvider }
  user { id role }`;

export const REAUTHENTICATE = `mutation Reauthenticate($input: ReauthenticateInput!) {
  reauthenticate(input: $input) { ${PAYLOAD} } }`;

/** Presents the refresh token of the sign-in; `input` adds to it, or replaces. */
export const reauthenticate = (
  who: SignedIn,
  input: Record<string, unknown> = {},
  options?: CallOptions,
): Promise<Answer> =>
  who.gql(
    REAUTHENTICATE,
    { input: { password: PASSWORD, refreshToken: who.refreshToken, ...input } },
    options,
  );

/** The payload of one that is expected to succeed. */
export async function reauthenticated(who: SignedIn, input?: Record<string, unknown>): Promise<any> {
  const { data, errors } = await reauthenticate(who, input);
  expect(errors).toBeUndefined();
  return data.reauthenticate;
}

/** Another session of the same user, as an object like the one of the sign-in. */
export const withTokens = (
  app: TestApp,
  who: SignedIn,
  { accessToken, refreshToken }: { accessToken: string; refreshToken: string },
): SignedIn => ({
  ...who,
  accessToken,
  refreshToken,
  gql: (query, variables, options) => app.gql(query, variables, { token: accessToken, ...options }),
});
