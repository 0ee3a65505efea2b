import { randomUUID } from 'node:crypto';
import { toNumericDate } from '../clock.ts';
import { signLogoutToken } from '../tokens/signed-events.ts';
import type { AccessKey } from '../tokens/signing-keys.ts';
import { judgeStatus } from './judge-answer.ts';
import { EnvelopeError, type StreamKind } from './stream-kind.ts';

const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** OpenID Connect Back-Channel Logout 1.0, section 4, recommends two minutes at most. */
const TTL_SECONDS = 120;

/** Logout tokens, posted to the address of a relying party (OpenID Connect Back-Channel Logout 1.0). */
export function createBackChannelLogoutKind({
  key,
  issuer,
}: {
  /** The key that signs access tokens. */
  key: AccessKey;
  issuer: string;
}): StreamKind {
  return {
    label: 'back_channel_logout',

    envelope({ stream, event }, now) {
      if (stream.url === null) throw new EnvelopeError('The stream has no address.');
      const iat = toNumericDate(now);
      // `jti` is new at every attempt, as the times are: a relying party that remembers them would refuse a repeat.
      const token = signLogoutToken(
        {
          iss: issuer,
          aud: stream.audience,
          iat,
          exp: iat + TTL_SECONDS,
          jti: randomUUID(),
          ...(event.userId === null ? {} : { sub: event.userId }),
          sid: event.sessionId,
          events: { [LOGOUT_EVENT]: {} },
        },
        key,
      );
      return {
        url: stream.url,
        body: new URLSearchParams({ logout_token: token }).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'cache-control': 'no-store' },
      };
    },

    /** 204 is what some frameworks make of 200 (section 2.8). */
    judge: ({ status }) => judgeStatus(status, (given) => given === 200 || given === 204),
  };
}
