import type { SessionPolicyPreset } from '../generated/schema.ts';
import { badInput } from '../errors.ts';

export interface Bounds {
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

/** The system's side of every policy, in minutes, from the configuration. */
export interface PolicyLimits {
  readonly idle: Bounds;
  readonly absolute: Bounds;
}

/** What an account asked for, in minutes; null or absent leaves the system default. */
export interface PolicyOverrides {
  idleMinutes?: number | null;
  absoluteMinutes?: number | null;
}

/** What a sign-in is given, in minutes. Idle is never longer than absolute. */
export interface EffectivePolicy {
  idleMinutes: number;
  absoluteMinutes: number;
}

const clamp = (value: number, { min, max }: Bounds): number => Math.min(Math.max(value, min), max);

/** Override or default, clamped into the bounds, then idle = least of idle and absolute. */
export function effectivePolicy(overrides: PolicyOverrides, limits: PolicyLimits): EffectivePolicy {
  const absoluteMinutes = clamp(overrides.absoluteMinutes ?? limits.absolute.default, limits.absolute);
  const idleMinutes = clamp(overrides.idleMinutes ?? limits.idle.default, limits.idle);
  return { idleMinutes: Math.min(idleMinutes, absoluteMinutes), absoluteMinutes };
}

/**
 * Refuses overrides outside their bounds, then an idle limit that would be longer than the absolute one, judged on
 * the values that would be in force: 43200 idle with no absolute override is caught by the default.
 * @throws BAD_USER_INPUT with `field`, `min`, `max` and `reason` OUT_OF_BOUNDS or IDLE_EXCEEDS_ABSOLUTE
 */
export function validateOverrides(overrides: PolicyOverrides, limits: PolicyLimits): void {
  requireWithin('idleMinutes', overrides.idleMinutes, limits.idle);
  requireWithin('absoluteMinutes', overrides.absoluteMinutes, limits.absolute);
  const idle = overrides.idleMinutes ?? limits.idle.default;
  const absolute = overrides.absoluteMinutes ?? limits.absolute.default;
  if (idle > absolute) {
    throw badInput(
      'idleMinutes',
      `The idle limit (${idle} minutes) must not exceed the absolute limit (${absolute} minutes).`,
      {
        reason: 'IDLE_EXCEEDS_ABSOLUTE',
        min: limits.idle.min,
        max: Math.min(limits.idle.max, absolute),
      },
    );
  }
}

function requireWithin(
  field: keyof PolicyOverrides,
  value: number | null | undefined,
  { min, max }: Bounds,
): void {
  if (value == null || (value >= min && value <= max)) return;
  throw badInput(field, `${field} must be between ${min} and ${max} minutes.`, {
    reason: 'OUT_OF_BOUNDS',
    min,
    max,
  });
}

export interface PresetDefinition extends EffectivePolicy {
  preset: Exclude<SessionPolicyPreset, 'CUSTOM'>;
  description: string;
}

/** In order of precedence: where two presets have the same values, the first one names the policy. */
export function presets(limits: PolicyLimits): PresetDefinition[] {
  return [
    {
      preset: 'STRICT',
      idleMinutes: limits.idle.default,
      absoluteMinutes: limits.absolute.default,
      description: "This installation's defaults.",
    },
    {
      preset: 'STANDARD',
      idleMinutes: 10_080,
      absoluteMinutes: 43_200,
      description: 'Signed out after 7 days without activity, and after 30 days in any case.',
    },
    {
      preset: 'NIST_AAL2',
      idleMinutes: 30,
      absoluteMinutes: 720,
      description:
        'The time limits of NIST SP 800-63B at AAL2: 30 minutes without activity, 12 hours in any case. The time limits only, not the other requirements of that level.',
    },
    {
      preset: 'NIST_AAL3',
      idleMinutes: 15,
      absoluteMinutes: 720,
      description:
        'The time limits of NIST SP 800-63B at AAL3: 15 minutes without activity, 12 hours in any case. The time limits only, not the other requirements of that level.',
    },
  ];
}

/** The preset whose two values equal the effective ones, else CUSTOM. */
export function presetOf(policy: EffectivePolicy, limits: PolicyLimits): SessionPolicyPreset {
  const match = presets(limits).find(
    ({ idleMinutes, absoluteMinutes }) =>
      idleMinutes === policy.idleMinutes && absoluteMinutes === policy.absoluteMinutes,
  );
  return match?.preset ?? 'CUSTOM';
}

/** Whether the preset can be saved: both its values lie inside the bounds. */
export function isAvailable(preset: EffectivePolicy, { idle, absolute }: PolicyLimits): boolean {
  return (
    preset.idleMinutes >= idle.min &&
    preset.idleMinutes <= idle.max &&
    preset.absoluteMinutes >= absolute.min &&
    preset.absoluteMinutes <= absolute.max
  );
}
