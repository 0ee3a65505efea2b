import { speak } from '../../../test/catalogs.ts';
import { asAdjective, asClock, inWords } from './duration.ts';

afterEach(() => speak('en'));

test('a duration is exact, and in the largest units', () => {
  expect([0, 1, 30, 60, 720, 1440, 3240, 4320, 1505].map(inWords)).toEqual([
    '0 minutes',
    '1 minute',
    '30 minutes',
    '1 hour',
    '12 hours',
    '1 day',
    '2 days and 6 hours',
    '3 days',
    '1 day, 1 hour and 5 minutes',
  ]);
});

test('a region does not change an English list', async () => {
  await speak('en', 'en-US');
  expect(inWords(1505)).toBe('1 day, 1 hour and 5 minutes');
});

test.each([
  ['de', ['1 Minute', '12 Stunden', '2 Tage und 6 Stunden', '1 Tag, 1 Stunde und 5 Minuten']],
  ['fr', ['1 minute', '12 heures', '2 jours et 6 heures', '1 jour, 1 heure et 5 minutes']],
  ['es', ['1 minuto', '12 horas', '2 días y 6 horas', '1 día, 1 hora y 5 minutos']],
])('a duration in %s', async (language, words) => {
  await speak(language);
  expect([1, 720, 3240, 1505].map((minutes) => inWords(minutes).replaceAll(/\s/g, ' '))).toEqual(words);
});

test('a duration before the word "limit"', async () => {
  expect([10, 60, 720, 1440, 20_160, 90].map(asAdjective)).toEqual([
    '10-minute',
    '1-hour',
    '12-hour',
    '1-day',
    '14-day',
    '90-minute',
  ]);
  await speak('de');
  expect([10, 60, 1440, 20_160].map(asAdjective)).toEqual(['10-Minuten', '1-Stunden', '1-Tages', '14-Tage']);
  await speak('fr');
  expect([10, 60].map(asAdjective)).toEqual(['10 minutes', '1 heure']);
  await speak('es');
  expect([10, 60].map(asAdjective)).toEqual(['10 minutos', '1 hora']);
});

test('a countdown', () => {
  expect([299, 7, 600].map(asClock)).toEqual(['4:59', '0:07', '10:00']);
});
