import { RefusedError, UnreachableError } from '../core/errors.ts';
import { type TokenSet } from '../core/session-state.ts';
import { logOut, readTime, SESSION_FIELDS, USER_FIELDS } from '../runtime/session-calls.ts';
import { type Answer, ANSWER_TIMEOUT_MS, type Transport } from '../runtime/transport.ts';
import { type RefreshRequest, type TokenSource } from './token-source.ts';

/** The server's clock, as this source uses it. */
export interface ClockReader {
  /** Milliseconds on the server's clock. */
  now(): number;
  isKnown(): boolean;
  measure(reading: { serverTime: string; sentAt: number; receivedAt: number }): void;
}

const TOKEN_FIELDS = `accessToken accessTokenExpiresAt serverTime
    session { ${SESSION_FIELDS} canReauthenticate }
    user { ${USER_FIELDS} }`;

/** Exported for the benchmarks. */
export const REFRESH = `mutation CurfewRenew($input: RefreshSessionInput!) {
  refreshSession(input: $input) { ${TOKEN_FIELDS} }
}`;

const REAUTHENTICATE = `mutation CurfewReauthenticate($input: ReauthenticateInput!) {
  reauthenticate(input: $input) { ${TOKEN_FIELDS} }
}`;

/** On Curfew's own site: gets access tokens with its cookie. */
export function createCookieSource(transport: Transport, clock: ClockReader): TokenSource {
  async function measureClock(): Promise<void> {
    try {
      const { data, sentAt, receivedAt } = await readTime(transport);
      clock.measure({ ...data, sentAt, receivedAt });
    } catch (error) {
      // Refused: this computer's clock has to do.
      if (!(error instanceof RefusedError)) throw error;
    }
  }

  async function refresh(request: RefreshRequest): Promise<Answer<TokenSet>> {
    // The transport gives up at this time, and the server ignores a request that it reads later.
    const notAfter = new Date(clock.now() + ANSWER_TIMEOUT_MS).toISOString();
    const input = { ...request, notAfter };
    const answer = await transport.request<{ refreshSession: TokenSet }>(REFRESH, { input });
    return { ...answer, data: answer.data.refreshSession };
  }

  return {
    isRotating: true,

    async refresh(request) {
      // This computer's clock may be minutes off, and then every request would be late or too far ahead.
      if (!clock.isKnown()) await measureClock();
      try {
        return await refresh(request);
      } catch (error) {
        if (!isAboutTime(error)) throw error;
      }
      // The request was not late by this computer's clock: a clock was set since the last measurement.
      await measureClock();
      try {
        return await refresh(request);
      } catch (error) {
        // Says nothing about the session: the server did nothing.
        if (isAboutTime(error))
          throw new UnreachableError('The server got the request too late.', { cause: error });
        throw error;
      }
    },

    async reauthenticate({ password }, { accessToken, requestId }) {
      const input = { password, requestId };
      try {
        const answer = await transport.request<{ reauthenticate: TokenSet }>(
          REAUTHENTICATE,
          { input },
          accessToken,
          { outlivesPage: true, isLimited: true },
        );
        return { ...answer, data: answer.data.reauthenticate };
      } catch (error) {
        if (isAboutTime(error))
          throw new UnreachableError('The server got the request too late.', { cause: error });
        throw error;
      }
    },

    async signOut(accessToken) {
      await logOut(transport, accessToken);
    },
  };
}

const isAboutTime = (error: unknown): boolean =>
  error instanceof RefusedError &&
  (error.reason === 'TOO_LATE' || (error.code === 'BAD_USER_INPUT' && error.field === 'notAfter'));
