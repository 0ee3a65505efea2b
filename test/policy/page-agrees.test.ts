import fc from 'fast-check';
import { effectivePolicy } from '../../server/rules/policy.ts';
import { ruleFor, SESSION_KINDS as SERVER_KINDS } from '../../server/rules/policy-rules.ts';
import { limitsInForce } from '../../web/src/features/policy/limit-bounds.ts';
import { indexOfRuleFor, RULE_KINDS, SESSION_KINDS } from '../../web/src/features/policy/rule-for.ts';

// The page shows what the server will decide, so the server is what it is compared with.

const BOUNDS = {
  idleMinutesMin: 20,
  idleMinutesMax: 1440,
  absoluteMinutesMin: 60,
  absoluteMinutesMax: 10_080,
};

test('the kinds of session are those of the server', () => {
  expect([...SESSION_KINDS]).toEqual([...SERVER_KINDS]);
});

test('the rule that counts is the one that the server takes, for any set of rules in any order', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...RULE_KINDS]), (kinds) => {
      const rules = kinds.map((kind, index) => ({ ...kind, idleMinutes: index, absoluteMinutes: index }));
      for (const kind of SESSION_KINDS)
        expect(rules[indexOfRuleFor(rules, kind)] ?? null).toEqual(ruleFor(rules, kind));
    }),
  );
});

test('limits are cut like those of the server', () => {
  const { idleMinutesMin, idleMinutesMax, absoluteMinutesMin, absoluteMinutesMax } = BOUNDS;
  const bounds = {
    idle: { default: 60, min: idleMinutesMin, max: idleMinutesMax },
    absolute: { default: 720, min: absoluteMinutesMin, max: absoluteMinutesMax },
  };
  const minutes = fc.integer({ min: 1, max: 20_000 });
  fc.assert(
    fc.property(minutes, minutes, (idleMinutes, absoluteMinutes) => {
      const limits = { idleMinutes, absoluteMinutes };
      expect(limitsInForce(limits, BOUNDS)).toEqual(effectivePolicy(limits, bounds));
    }),
  );
});
