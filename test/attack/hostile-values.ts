import type { Random } from './random.ts';

/** Values that break careless code: in variables, literals, forms and messages. */
const LEAVES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  1.5,
  1e308,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  '',
  '\0',
  'a\0b',
  '\ud800',
  '\udfff\ud800',
  '\u202egnp.exe',
  '\u212a',
  'İ',
  "' or 1=1; drop table sessions --",
  '{{constructor.constructor("return 1")()}}',
  '../../../../etc/passwd',
  '9999-12-31T23:59:59.999Z',
  '+275760-09-13T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  'Infinity',
  '__proto__',
  'constructor',
  'toString',
  'OWNER',
  'ALL',
  'ACTIVE_SESSIONS',
  '00000000-0000-4000-8000-000000000000',
  'FFFFFFFF-FFFF-4FFF-8FFF-FFFFFFFFFFFF',
  'guest@example.test',
  'a'.repeat(10_000),
  '; at "x.'.repeat(500),
  'Variable "$x" got invalid value '.repeat(100),
  '(('.repeat(2_000),
];

const KEYS = [
  'email',
  'password',
  'userId',
  'input',
  '__proto__',
  'constructor',
  'toString',
  '$gt',
  '',
  '\0',
  'a'.repeat(1_000),
  '"; String cannot represent a non string value: ',
  'Value "x" does not exist in ',
];

export function hostileValue(random: Random, depth = 3): unknown {
  if (depth === 0 || !random.oneIn(4)) return random.pick(LEAVES);
  if (random.oneIn(2)) return Array.from({ length: random.below(6) }, () => hostileValue(random, depth - 1));
  // Parsed, so that `__proto__` is an ordinary key.
  const members = Array.from(
    { length: random.below(6) },
    () => `${JSON.stringify(random.pick(KEYS))}:${JSON.stringify(hostileValue(random, depth - 1)) ?? 'null'}`,
  );
  return JSON.parse(`{${members.join(',')}}`);
}
