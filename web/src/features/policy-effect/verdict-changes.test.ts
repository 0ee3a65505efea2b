import { speak } from '../../../../test/catalogs.ts';
import { type Standard, verdictChanges } from './verdict-changes.ts';

afterEach(() => speak('en'));

type Check = Standard['checks'][number];

const check = (verdict: Check['verdict'], level: Check['level'] = 'REQUIRED'): Check => ({
  clause: '2.2.3',
  text: 'The inactivity timeout should be no more than 1 hour.',
  level,
  subject: 'IDLE',
  limitMinutes: 60,
  actualMinutes: 60,
  verdict,
});

const standard = (id: string, verdict: Standard['verdict'], checks: Check[] = []): Standard => ({
  id,
  title: `${id} (time limits only)`,
  revision: '1',
  url: 'https://standards.example/',
  verdict,
  checks,
});

test('a verdict that a change alters is one sentence, and one that stays is none', () => {
  const now = [standard('PCI DSS', 'MEETS'), standard('High', 'MISSES'), standard('Low', 'MEETS')];
  const tried = [standard('PCI DSS', 'MISSES'), standard('High', 'MEETS'), standard('Low', 'MEETS')];
  expect(verdictChanges(now, tried)).toEqual([
    { isWorse: true, text: 'Would no longer meet PCI DSS (time limits only).' },
    { isWorse: false, text: 'Would now meet High (time limits only).' },
  ]);
  expect(verdictChanges(now, now)).toEqual([]);
});

test('a recommendation is named by its clause where the verdict stays', async () => {
  const now = [standard('AAL2', 'MEETS', [check('MEETS'), check('MEETS', 'RECOMMENDED')])];
  const tried = [standard('AAL2', 'MEETS', [check('MEETS'), check('MISSES', 'RECOMMENDED')])];
  const words = () => verdictChanges(now, tried).map(({ text }) => text);
  expect(words()).toEqual([
    'Would no longer follow the recommendation 2.2.3 (idle limit) of AAL2 (time limits only).',
  ]);
  await speak('de');
  expect(words()[0]).toContain('AAL2');
  expect(words()[0]).not.toContain('Would');
});

test('a standard that the server did not know a moment ago changes nothing', () => {
  expect(verdictChanges([], [standard('New', 'MISSES')])).toEqual([]);
});
