import fc from 'fast-check';
import { AppError } from '../errors.ts';
import {
  effectivePolicy,
  isAvailable,
  presetOf,
  presets,
  validateOverrides,
  type Bounds,
  type PolicyBounds,
  type PolicyOverrides,
} from './policy.ts';

const DEFAULTS: PolicyBounds = {
  idle: { default: 4320, min: 10, max: 43_200 },
  absolute: { default: 20_160, min: 30, max: 129_600 },
};

const bounds = fc
  .tuple(
    fc.integer({ min: 1, max: 5000 }),
    fc.integer({ min: 1, max: 5000 }),
    fc.integer({ min: 1, max: 5000 }),
  )
  .map((values): Bounds => {
    const [min, middle, max] = values.sort((a, b) => a - b) as [number, number, number];
    return { min, default: middle, max };
  });
/** Bounds that the configuration accepts: the defaults lie within them, and the idle default is no longer than the absolute one. */
const policyBounds = fc
  .record({ idle: bounds, absolute: bounds })
  .filter(({ idle, absolute }) => idle.default <= absolute.default);
const minutes = fc.option(fc.integer({ min: -10, max: 6000 }), { nil: null });
const overrides = fc.record({ idleMinutes: minutes, absoluteMinutes: minutes }, { requiredKeys: [] });

function refusal(given: PolicyOverrides, at: PolicyBounds): Record<string, unknown> | null {
  try {
    validateOverrides(given, at);
    return null;
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, ...error.details };
    throw error;
  }
}

describe('the effective policy', () => {
  test('is the override, or the default where there is none', () => {
    expect(effectivePolicy({}, DEFAULTS)).toEqual({ idleMinutes: 4320, absoluteMinutes: 20_160 });
    expect(effectivePolicy({ idleMinutes: null, absoluteMinutes: 5000 }, DEFAULTS)).toEqual({
      idleMinutes: 4320,
      absoluteMinutes: 5000,
    });
    expect(effectivePolicy({ idleMinutes: 60, absoluteMinutes: 240 }, DEFAULTS)).toEqual({
      idleMinutes: 60,
      absoluteMinutes: 240,
    });
  });

  test('is clamped into the bounds first, and idle cut to absolute then', () => {
    const tight: PolicyBounds = {
      idle: { default: 60, min: 30, max: 600 },
      absolute: { default: 120, min: 60, max: 480 },
    };
    expect(effectivePolicy({ idleMinutes: 10_080, absoluteMinutes: 43_200 }, tight)).toEqual({
      idleMinutes: 480,
      absoluteMinutes: 480,
    });
    expect(effectivePolicy({ idleMinutes: 1, absoluteMinutes: 1 }, tight)).toEqual({
      idleMinutes: 30,
      absoluteMinutes: 60,
    });
  });

  test('never has an idle limit above the absolute one, nor a limit above its maximum, nor an absolute one below its minimum', () => {
    fc.assert(
      fc.property(overrides, policyBounds, (given, at) => {
        const { idleMinutes, absoluteMinutes } = effectivePolicy(given, at);
        expect(idleMinutes).toBeLessThanOrEqual(absoluteMinutes);
        expect(idleMinutes).toBeLessThanOrEqual(at.idle.max);
        expect(idleMinutes).toBeGreaterThanOrEqual(Math.min(at.idle.min, absoluteMinutes));
        expect(absoluteMinutes).toBeLessThanOrEqual(at.absolute.max);
        expect(absoluteMinutes).toBeGreaterThanOrEqual(at.absolute.min);
      }),
    );
  });

  test('of overrides that pass the validation is those overrides', () => {
    fc.assert(
      fc.property(overrides, policyBounds, (given, at) => {
        fc.pre(refusal(given, at) === null);
        expect(effectivePolicy(given, at)).toEqual({
          idleMinutes: given.idleMinutes ?? at.idle.default,
          absoluteMinutes: given.absoluteMinutes ?? at.absolute.default,
        });
      }),
    );
  });

  test('is its own effective policy: applying the rule twice changes nothing', () => {
    fc.assert(
      fc.property(overrides, policyBounds, (given, at) => {
        const once = effectivePolicy(given, at);
        fc.pre(once.idleMinutes >= at.idle.min);
        expect(effectivePolicy(once, at)).toEqual(once);
      }),
    );
  });
});

describe('validation', () => {
  test.each([
    [{ idleMinutes: 9 }, 'idleMinutes', 'OUT_OF_BOUNDS', 10, 43_200],
    [{ idleMinutes: 43_201 }, 'idleMinutes', 'OUT_OF_BOUNDS', 10, 43_200],
    [{ absoluteMinutes: 29 }, 'absoluteMinutes', 'OUT_OF_BOUNDS', 30, 129_600],
    [{ absoluteMinutes: 129_601 }, 'absoluteMinutes', 'OUT_OF_BOUNDS', 30, 129_600],
    [{ idleMinutes: 0, absoluteMinutes: 0 }, 'idleMinutes', 'OUT_OF_BOUNDS', 10, 43_200],
    [{ idleMinutes: 60, absoluteMinutes: 0 }, 'absoluteMinutes', 'OUT_OF_BOUNDS', 30, 129_600],
    [{ idleMinutes: 61, absoluteMinutes: 60 }, 'idleMinutes', 'IDLE_EXCEEDS_ABSOLUTE', 10, 60],
    [{ idleMinutes: 43_200 }, 'idleMinutes', 'IDLE_EXCEEDS_ABSOLUTE', 10, 20_160],
    [{ absoluteMinutes: 4319 }, 'idleMinutes', 'IDLE_EXCEEDS_ABSOLUTE', 10, 4319],
  ])('refuses %j at %s as %s', (given, field, reason, min, max) => {
    expect(refusal(given, DEFAULTS)).toEqual({ code: 'BAD_USER_INPUT', field, reason, min, max });
  });

  test.each([
    [{}],
    [{ idleMinutes: null, absoluteMinutes: null }],
    [{ idleMinutes: 10, absoluteMinutes: 30 }],
    [{ idleMinutes: 30, absoluteMinutes: 30 }],
    [{ idleMinutes: 43_200, absoluteMinutes: 129_600 }],
    [{ idleMinutes: 20_160 }],
    [{ absoluteMinutes: 4320 }],
  ])('accepts %j', (given) => expect(refusal(given, DEFAULTS)).toBeNull());

  test('accepts exactly what lies within the bounds with idle no longer than absolute', () => {
    const within = (value: number | null | undefined, { min, max }: Bounds) =>
      value == null || (value >= min && value <= max);
    fc.assert(
      fc.property(overrides, policyBounds, (given, at) => {
        const isGood =
          within(given.idleMinutes, at.idle) &&
          within(given.absoluteMinutes, at.absolute) &&
          (given.idleMinutes ?? at.idle.default) <= (given.absoluteMinutes ?? at.absolute.default);
        expect(refusal(given, at) === null).toBe(isGood);
      }),
    );
  });
});

describe('presets', () => {
  test('STRICT is the configured defaults, and wins where they equal another preset', () => {
    for (const [idle, absolute] of [
      [10_080, 43_200],
      [60, 1440],
      [15, 720],
      [30, 720],
      [15, 1440],
      [77, 777],
    ] as const) {
      const at = {
        idle: { ...DEFAULTS.idle, default: idle },
        absolute: { ...DEFAULTS.absolute, default: absolute },
      };
      expect(presetOf({ idleMinutes: idle, absoluteMinutes: absolute }, at)).toBe('STRICT');
    }
  });

  test('name a policy only where both values are theirs', () => {
    for (const { preset, idleMinutes, absoluteMinutes } of presets(DEFAULTS)) {
      expect(presetOf({ idleMinutes, absoluteMinutes }, DEFAULTS)).toBe(preset);
      expect(presetOf({ idleMinutes: idleMinutes + 1, absoluteMinutes }, DEFAULTS)).toBe('CUSTOM');
      expect(presetOf({ idleMinutes, absoluteMinutes: absoluteMinutes - 1 }, DEFAULTS)).toBe('CUSTOM');
    }
  });

  test('are available exactly where they would pass the validation', () => {
    fc.assert(
      fc.property(policyBounds, (at) => {
        for (const preset of presets(at)) expect(isAvailable(preset, at)).toBe(refusal(preset, at) === null);
      }),
    );
    for (const preset of presets(DEFAULTS)) expect(isAvailable(preset, DEFAULTS)).toBe(true);
  });
});
