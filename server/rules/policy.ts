import type { SessionPolicyPreset } from '../generated/schema.ts';
import { badInput } from '../errors.ts';

export interface Bounds {
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

/** Bounds and defaults of every account's limits, in minutes, from the configuration. */
export interface PolicyBounds {
  readonly idle: Bounds;
  readonly absolute: Bounds;
}

/** The limits an account chose, in minutes. Null or absent: the system default. */
export interface PolicyOverrides {
  idleMinutes?: number | null;
  absoluteMinutes?: number | null;
}

/** The limits of a new session, in minutes. The idle limit never exceeds the absolute one. */
export interface EffectivePolicy {
  idleMinutes: number;
  absoluteMinutes: number;
}

/** The limits as session rows store them. */
export const limitsInSeconds = ({ idleMinutes, absoluteMinutes }: EffectivePolicy) => ({
  idleSeconds: idleMinutes * 60,
  absoluteSeconds: absoluteMinutes * 60,
});

const clamp = (value: number, { min, max }: Bounds): number => Math.min(Math.max(value, min), max);

/** Clamps each override or default into its bounds, then cuts the idle limit to the absolute one. */
export function effectivePolicy(overrides: PolicyOverrides, bounds: PolicyBounds): EffectivePolicy {
  const absoluteMinutes = clamp(overrides.absoluteMinutes ?? bounds.absolute.default, bounds.absolute);
  const idleMinutes = clamp(overrides.idleMinutes ?? bounds.idle.default, bounds.idle);
  return { idleMinutes: Math.min(idleMinutes, absoluteMinutes), absoluteMinutes };
}

/**
 * Rejects overrides outside their bounds, then an idle limit above the absolute one. The second check uses the values
 * that would be in force: 43200 idle without an absolute override fails against the default absolute limit.
 * @param path what stands before the name of a limit in `field`
 * @throws BAD_USER_INPUT with `field`, `min`, `max` and `reason` OUT_OF_BOUNDS or IDLE_EXCEEDS_ABSOLUTE
 */
export function validateOverrides(overrides: PolicyOverrides, bounds: PolicyBounds, path = ''): void {
  requireWithin(`${path}idleMinutes`, overrides.idleMinutes, bounds.idle);
  requireWithin(`${path}absoluteMinutes`, overrides.absoluteMinutes, bounds.absolute);
  const idle = overrides.idleMinutes ?? bounds.idle.default;
  const absolute = overrides.absoluteMinutes ?? bounds.absolute.default;
  if (idle > absolute) {
    throw badInput(
      `${path}idleMinutes`,
      `The idle limit (${idle} minutes) must not exceed the absolute limit (${absolute} minutes).`,
      {
        reason: 'IDLE_EXCEEDS_ABSOLUTE',
        min: bounds.idle.min,
        max: Math.min(bounds.idle.max, absolute),
      },
    );
  }
}

function requireWithin(field: string, value: number | null | undefined, { min, max }: Bounds): void {
  if (value == null || (value >= min && value <= max)) return;
  throw badInput(field, `${field} must be between ${min} and ${max} minutes.`, {
    reason: 'OUT_OF_BOUNDS',
    min,
    max,
  });
}

export interface PresetDefinition extends EffectivePolicy {
  preset: Exclude<SessionPolicyPreset, 'CUSTOM'>;
  /** Of the standard whose limits they are (standards.ts). Null: no standard's. */
  standardId: string | null;
  description: string;
}

/**
 * Lists the presets in order of precedence: where two have equal values, the first one names the policy. Policy pages
 * show the description unchanged: it names the source of the limits and says whether that source requires or
 * recommends them.
 */
export function presets(bounds: PolicyBounds): PresetDefinition[] {
  return [
    {
      preset: 'STRICT',
      standardId: null,
      idleMinutes: bounds.idle.default,
      absoluteMinutes: bounds.absolute.default,
      description: describe(
        "The default limits of this server's configuration, not of a standard: none of them is required or recommended.",
      ),
    },
    {
      preset: 'STANDARD',
      standardId: null,
      idleMinutes: 10_080,
      absoluteMinutes: 43_200,
      description: describe(
        "Curfew's own limits. NIST SP 800-63B-4 (revision 4, 2025) recommends an absolute limit of at most 30 days at AAL1, and no idle limit.",
      ),
    },
    {
      preset: 'NIST_AAL2',
      standardId: 'NIST_800_63B_4_AAL2',
      idleMinutes: 60,
      absoluteMinutes: 1440,
      description: describe(
        'NIST SP 800-63B-4 (revision 4, 2025), AAL2: the idle limit of 1 hour and the absolute limit of 24 hours are recommended.',
      ),
    },
    {
      preset: 'NIST_AAL3',
      standardId: 'NIST_800_63B_4_AAL3',
      idleMinutes: 15,
      absoluteMinutes: 720,
      description: describe(
        'NIST SP 800-63B-4 (revision 4, 2025), AAL3: the absolute limit of 12 hours is required, the idle limit of 15 minutes is recommended.',
      ),
    },
    {
      preset: 'FEDRAMP_MODERATE',
      standardId: 'FEDRAMP_R5_MODERATE',
      idleMinutes: 30,
      absoluteMinutes: 720,
      description: describe(
        'FedRAMP Rev 5, Moderate baseline, IA-11: the idle limit of 30 minutes and the absolute limit of 12 hours are required. They are the limits of NIST SP 800-63B revision 3 at AAL2.',
      ),
    },
    {
      preset: 'PCI_DSS',
      standardId: 'PCI_DSS_4_0_1',
      idleMinutes: 15,
      absoluteMinutes: 1440,
      description: describe(
        "PCI DSS 4.0.1, requirement 8.2.8: the idle limit of 15 minutes is required. It asks for no absolute limit; 24 hours is Curfew's own choice.",
      ),
    },
  ];
}

/** A preset says nothing about the other requirements of its source, such as how people sign in. */
const describe = (source: string): string => `${source} The time limits only.`;

/** Returns the first preset with both effective limits, else CUSTOM. */
export function presetOf(policy: EffectivePolicy, bounds: PolicyBounds): SessionPolicyPreset {
  const match = presets(bounds).find(
    ({ idleMinutes, absoluteMinutes }) =>
      idleMinutes === policy.idleMinutes && absoluteMinutes === policy.absoluteMinutes,
  );
  return match?.preset ?? 'CUSTOM';
}

/** True when the preset can be saved: both its limits are within their bounds. */
export function isAvailable(preset: EffectivePolicy, { idle, absolute }: PolicyBounds): boolean {
  return (
    preset.idleMinutes >= idle.min &&
    preset.idleMinutes <= idle.max &&
    preset.absoluteMinutes >= absolute.min &&
    preset.absoluteMinutes <= absolute.max
  );
}
