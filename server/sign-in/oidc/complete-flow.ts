import type { Clock } from '../../clock.ts';
import type { Database } from '../../database/database.ts';
import type { ClientInfo } from '../../rules/caller.ts';
import type { SessionReplacement } from '../../sessions/replace-session.ts';
import type { FlowTokens } from '../../tokens/flow-token.ts';
import type { AdmitPerson } from './admit-person.ts';
import type { Callback } from './callback.ts';
import type { BroughtAlong, PersonConfirmation } from './confirm-person.ts';
import { deriveSecrets, isAnswerTo } from './flow.ts';
import type { Provider } from './provider.ts';
import { refused, type SignInOutcome } from './sign-in-outcome.ts';
import { releaseFlow, useFlow } from './used-flows.ts';

/** What the browser brings back from the provider. */
export interface FlowCompletion {
  callback: Callback;
  /** Null: the browser has none. */
  flowToken: string | null;
  /** Of a sign-in: the refresh cookie that the response overwrites, whose session is replaced. Null: there is none. */
  replacedCookie: string | null;
  /** Of a new authentication. */
  broughtAlong: BroughtAlong;
}

/** Completes a flow. The order matters: checks the browser's token, uses the flow up, then asks the provider. */
export type CompleteFlow = (given: FlowCompletion, client: ClientInfo) => Promise<SignInOutcome>;

export function createFlowCompletion(dependencies: {
  database: Database;
  clock: Clock;
  flowTokens: FlowTokens;
  providers: ReadonlyMap<string, Provider>;
  replacement: SessionReplacement;
  admitPerson: AdmitPerson;
  confirmation: PersonConfirmation;
}): CompleteFlow {
  const { database, clock, flowTokens, providers, replacement, admitPerson, confirmation } = dependencies;

  return async ({ callback, flowToken, replacedCookie, broughtAlong }, client) => {
    const replaced = await replacement.find(replacedCookie);
    const flow = flowToken === null ? null : flowTokens.read(flowToken, clock.now());
    const provider = flow && providers.get(flow.providerId);
    if (flowToken === null || !flow || !provider || !isAnswerTo(flow, callback))
      return refused('OAUTH_FLOW_INVALID');
    const prepared =
      flow.reauthentication && (await confirmation.prepare(flow.reauthentication, broughtAlong, client));
    if (flow.reauthentication && !prepared) return refused('OAUTH_FLOW_INVALID');
    await provider.requireReady();
    const isFirstUse = await database.withTimeout(
      database.statement((em) => useFlow(em, flowToken, flow.expiresAt)),
    );
    if (!isFirstUse) return refused('OAUTH_FLOW_INVALID');

    const release = async (error: unknown): Promise<never> => {
      await database.statement((em) => releaseFlow(em, flowToken));
      throw error;
    };
    const result = await provider.redeemCode(callback.url, flow, deriveSecrets(flow)).catch(release);
    switch (result.kind) {
      case 'signed in': {
        const outcome = prepared
          ? await confirmation.confirm(result, prepared, provider)
          : await admitPerson(result, { flow, provider, client, replaced });
        return outcome.kind === 'refused' ? { ...outcome, provider: provider.id } : outcome;
      }
      case 'refused':
        return {
          kind: 'refused',
          refusal: { reason: 'PROVIDER_REFUSED', providerError: result.providerError },
          provider: provider.id,
        };
      case 'signed in too long ago':
        // Only for a flow with a `max_age`.
        return { kind: 'reauthenticate', maxAge: flow.maxAge ?? 0, flow, provider };
      case 'invalid':
        return refused('PROVIDER_ANSWER_INVALID', provider.id);
      default:
        return result satisfies never;
    }
  };
}
