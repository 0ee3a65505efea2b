import type { MessageDescriptor } from '@lingui/core';
import { i18n } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import type { SessionPolicyPreset } from '../../generated/policy-operations.ts';
import { inWords } from '../../lib/duration.ts';
import type { Preset } from './policy-draft.ts';

const PLAIN: Partial<Record<SessionPolicyPreset, MessageDescriptor>> = {
  NIST_AAL3: msg`Short`,
  PCI_DSS: msg`Short, whole day`,
  FEDRAMP_MODERATE: msg`Working day`,
  NIST_AAL2: msg`One day`,
  STRICT: msg`Default`,
  STANDARD: msg`Long`,
};

/** The sources of the limits, which the server describes in English. */
const SOURCES: Partial<Record<SessionPolicyPreset, MessageDescriptor>> = {
  STRICT: msg`The default limits of this server's configuration, not of a standard: none of them is required or recommended. The time limits only.`,
  STANDARD: msg`Curfew's own limits. NIST SP 800-63B-4 (revision 4, 2025) recommends an absolute limit of at most 30 days at AAL1, and no idle limit. The time limits only.`,
  NIST_AAL2: msg`NIST SP 800-63B-4 (revision 4, 2025), AAL2: the idle limit of 1 hour and the absolute limit of 24 hours are recommended. The time limits only.`,
  NIST_AAL3: msg`NIST SP 800-63B-4 (revision 4, 2025), AAL3: the absolute limit of 12 hours is required, the idle limit of 15 minutes is recommended. The time limits only.`,
  FEDRAMP_MODERATE: msg`FedRAMP Rev 5, Moderate baseline, IA-11: the idle limit of 30 minutes and the absolute limit of 12 hours are required. They are the limits of NIST SP 800-63B revision 3 at AAL2. The time limits only.`,
  PCI_DSS: msg`PCI DSS 4.0.1, requirement 8.2.8: the idle limit of 15 minutes is required. It asks for no absolute limit; 24 hours is Curfew's own choice. The time limits only.`,
};

/** `Short: 15 minutes, 12 hours` */
export function presetLabel({ preset, idleMinutes, absoluteMinutes }: Preset): string {
  const plain = PLAIN[preset];
  const name = plain ? i18n._(plain) : preset;
  const idle = inWords(idleMinutes);
  const absolute = inWords(absoluteMinutes);
  return t`${name}: ${idle}, ${absolute}`;
}

/** Where the limits come from: in English as the server says it. */
export function presetSource({ preset, description }: Preset): string {
  const source = SOURCES[preset];
  return source && i18n.locale !== 'en' ? i18n._(source) : description;
}

/** The strictest first. */
export const byStrictness = (presets: readonly Preset[]): Preset[] =>
  [...presets].sort((a, b) => a.idleMinutes - b.idleMinutes || a.absoluteMinutes - b.absoluteMinutes);
