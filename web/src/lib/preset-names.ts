import { t } from '@lingui/core/macro';
import type { SessionPolicyPreset } from '../generated/account-operations.ts';

/** The names of the presets, in the language that is current when one is read. Standards keep their own names. */
export const PRESET_NAMES: Readonly<Record<SessionPolicyPreset, string>> = {
  get STRICT() {
    return t`Strict`;
  },
  get STANDARD() {
    return t`Standard`;
  },
  NIST_AAL2: 'NIST SP 800-63B AAL2',
  NIST_AAL3: 'NIST SP 800-63B AAL3',
  FEDRAMP_MODERATE: 'FedRAMP Moderate',
  PCI_DSS: 'PCI DSS',
  get CUSTOM() {
    return t`Custom`;
  },
};
