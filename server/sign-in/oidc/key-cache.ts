import * as openid from 'openid-client';
import { systemSeconds } from './system-seconds.ts';

/** openid-client asks again for an unknown key only when its copy is a minute old. */
const ASKED_AGAIN_AFTER_SECONDS = 60;
/** In a minute. Tokens with made-up key ids must not let anyone flood the provider. */
const MAX_FETCHES = 5;

/** The signing keys of a provider, between the configurations that verify its tokens. */
export interface KeyCache {
  /** Gives the known keys to a configuration, which asks the provider at once for a key that is not among them. */
  lend(configuration: openid.Configuration): void;
  /** Takes the keys that the configuration fetched, also after a failure. */
  takeBack(configuration: openid.Configuration): void;
  /** A signature did not match: the provider may have replaced a key and kept its id. */
  distrust(): void;
}

export function createKeyCache(): KeyCache {
  let known: openid.ExportedJWKSCache | null = null;
  let isDistrusted = false;
  let fetches: number[] = [];
  const lent = new WeakMap<openid.Configuration, number>();

  return {
    lend(configuration) {
      if (!known) return;
      const now = systemSeconds();
      fetches = fetches.filter((at) => at > now - ASKED_AGAIN_AFTER_SECONDS);
      // Otherwise the last fetch is less than a minute ago, and the keys are as fresh as they look.
      const mayAsk = fetches.length < MAX_FETCHES;
      if (isDistrusted && mayAsk) return;
      const uat = mayAsk ? Math.min(known.uat, now - ASKED_AGAIN_AFTER_SECONDS) : known.uat;
      lent.set(configuration, uat);
      openid.setJwksCache(configuration, { jwks: known.jwks, uat });
    },
    takeBack(configuration) {
      const taken = openid.getJwksCache(configuration);
      const given = lent.get(configuration);
      if (taken?.uat === given) return;
      fetches.push(systemSeconds());
      if (!taken) return;
      known = taken;
      isDistrusted = false;
    },
    distrust: () => void (isDistrusted = true),
  };
}
