/** What the tabs tell each other after a save. */
export const POLICY_CHANGED = 'policy-changed';
