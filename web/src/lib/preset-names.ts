import type { SessionPolicyPreset } from '../generated/operations.ts';

export const PRESET_NAMES: Record<SessionPolicyPreset, string> = {
  STRICT: 'Strict',
  STANDARD: 'Standard',
  NIST_AAL2: 'NIST AAL2',
  NIST_AAL3: 'NIST AAL3',
  FEDRAMP_MODERATE: 'FedRAMP Moderate',
  PCI_DSS: 'PCI DSS',
  CUSTOM: 'Custom',
};
