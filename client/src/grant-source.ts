import { type Grant } from './session-state.ts';
import { type Answer } from './transport.ts';

/** Where access tokens come from: Curfew's cookie on its own site, or the back end of an application elsewhere. */
export interface GrantSource {
  /**
   * Whether a renewal uses up the proof it is made with. Then it goes by a name, under which a lost answer is to be had
   * once more, and may be activity at the same time. Where not, it is a mere reading, and activity is told on its own.
   */
  readonly isRotating: boolean;
  /** @throws UnreachableError, or RefusedError when the session is over */
  renew(request: RenewalRequest): Promise<Answer<Grant>>;
  /** Ends the session of the token, or else the source's own. @throws UnreachableError */
  signOut(accessToken: string | undefined): Promise<void>;
}

/** A source that is not rotating has no use for either. */
export interface RenewalRequest {
  /** False: in the background, which leaves the idle deadline where it is. */
  userActive: boolean;
  /** The same until its answer is in: a repeat gets the same answer, also after a restart. */
  requestId: string;
}
