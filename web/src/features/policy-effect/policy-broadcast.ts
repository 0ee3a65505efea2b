/** Kind of the message that a tab sends to the others after a save. */
export const POLICY_CHANGED = 'policy-changed';
