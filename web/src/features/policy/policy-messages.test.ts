import { speak } from '../../../../test/catalogs.ts';
import { appliedInWords, unavailableReason } from './policy-messages.ts';

afterEach(() => speak('en'));

test('an applied policy says what it did', () => {
  expect(appliedInWords(15, 3)).toBe('Saved and applied: 15 sessions ended, 3 shortened.');
  expect(appliedInWords(1, 0)).toBe('Saved and applied: 1 session ended, 0 shortened.');
  expect(appliedInWords(0, 0)).toBe('Saved and applied. No session ended or got shorter limits.');
});

test('an unavailable preset names the bounds that it violates', () => {
  const bounds = {
    idleMinutesMin: 20,
    idleMinutesMax: 1440,
    absoluteMinutesMin: 30,
    absoluteMinutesMax: 10_080,
  };
  expect(unavailableReason({ idleMinutes: 15, absoluteMinutes: 720 }, bounds)).toBe(
    'Not available: this server allows idle limits of at least 20 minutes.',
  );
  expect(unavailableReason({ idleMinutes: 10_080, absoluteMinutes: 43_200 }, bounds)).toBe(
    'Not available: this server allows idle limits of at most 1 day and absolute limits of at most 7 days.',
  );
});

test('days keep their form in German', async () => {
  await speak('de');
  const bounds = {
    idleMinutesMin: 2 * 1440,
    idleMinutesMax: 14 * 1440,
    absoluteMinutesMin: 3 * 1440,
    absoluteMinutesMax: 30 * 1440,
  };
  const reason = (idleMinutes: number, absoluteMinutes: number) =>
    unavailableReason({ idleMinutes, absoluteMinutes }, bounds).replaceAll('\u00a0', ' ');
  expect(reason(15, 720)).toBe(
    'Nicht verfügbar: Dieser Server erlaubt mindestens 2 Tage als Inaktivitätslimit und mindestens 3 Tage als absolutes Limit.',
  );
  expect(reason(20 * 1440, 40 * 1440)).toBe(
    'Nicht verfügbar: Dieser Server erlaubt höchstens 14 Tage als Inaktivitätslimit und höchstens 30 Tage als absolutes Limit.',
  );
});
