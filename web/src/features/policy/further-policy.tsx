import { FurtherSettings } from '../policy-words/further-settings.tsx';
import type { Policy } from './policy-draft.ts';
import { limitsInForce } from './limit-bounds.ts';

/** The rules and the maximum of sessions of a saved policy, as they are in force. */
export const FurtherPolicy = ({ policy }: { policy: Policy }) => (
  <FurtherSettings
    {...policy}
    rules={policy.rules.map((rule) => ({ ...rule, ...limitsInForce(rule, policy) }))}
  />
);
