import { speak } from '../../../test/catalogs.ts';
import { agoInWords, clockTime, exactMoment, momentInSentence, momentInWords } from './moment.ts';

const now = new Date(2026, 10, 23, 12, 0);
const today = new Date(2026, 10, 23, 9, 5);
const tomorrow = new Date(2026, 10, 24, 14, 32);
const yesterday = new Date(2026, 10, 22, 14, 32);
const later = new Date(2026, 11, 3, 14, 32);
const nextYear = new Date(2027, 0, 3, 14, 32);
const MINUTE = 60_000;
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * MINUTE);

afterEach(() => speak('en'));

const moments = [today, tomorrow, yesterday, later, nextYear];
const inWords = () => moments.map((moment) => momentInWords(moment, now));
const inSentence = () => moments.map((moment) => momentInSentence(moment, now));
const ago = () => [0, 1, 5, 180, 1440, 4320, -20].map((minutes) => agoInWords(minutesAgo(minutes), now));

test('moments in English, as its region writes them', async () => {
  await speak('en', 'en-GB');
  expect(inWords()).toEqual([
    '09:05',
    'tomorrow at 14:32',
    'yesterday at 14:32',
    '3 Dec at 14:32',
    '3 Jan 2027 at 14:32',
  ]);
  expect(inSentence()).toEqual([
    'at 09:05',
    'tomorrow at 14:32',
    'yesterday at 14:32',
    'on 3 Dec at 14:32',
    'on 3 Jan 2027 at 14:32',
  ]);
  expect(ago()).toEqual([
    'just now',
    '1 minute ago',
    '5 minutes ago',
    '3 hours ago',
    'yesterday',
    '3 days ago',
    'in 20 minutes',
  ]);
  await speak('en', 'en-US');
  expect(momentInWords(later, now)).toBe('Dec 3 at 14:32');
});

test('moments in German', async () => {
  await speak('de');
  expect(inWords()).toEqual([
    '09:05',
    'morgen um 14:32',
    'gestern um 14:32',
    '3. Dez., 14:32',
    '3. Jan. 2027, 14:32',
  ]);
  expect(inSentence().slice(0, 4)).toEqual([
    'um 09:05',
    'morgen um 14:32',
    'gestern um 14:32',
    'am 3. Dez. um 14:32',
  ]);
  expect(ago().slice(0, 6)).toEqual([
    'gerade eben',
    'vor 1 Minute',
    'vor 5 Minuten',
    'vor 3 Stunden',
    'gestern',
    'vor 3 Tagen',
  ]);
  expect(exactMoment(today)).toContain('23. November 2026');
});

test('moments in French', async () => {
  await speak('fr');
  expect(inWords()).toEqual([
    '09:05',
    'demain à 14:32',
    'hier à 14:32',
    '3 déc. à 14:32',
    '3 janv. 2027 à 14:32',
  ]);
  expect(inSentence()[3]).toBe('le 3 déc. à 14:32');
  expect(ago()[2]).toMatch(/^il y a 5.minutes$/);
});

test('moments in Spanish', async () => {
  await speak('es');
  expect(inWords()).toEqual([
    '09:05',
    'mañana a las 14:32',
    'ayer a las 14:32',
    '3 dic, 14:32',
    '3 ene 2027, 14:32',
  ]);
  expect(inSentence()[3]).toBe('el 3 dic a las 14:32');
  expect(ago()[2]).toBe('hace 5 minutos');
});

test('the clock has 24 hours in every language', async () => {
  for (const language of ['en', 'de', 'fr', 'es']) {
    await speak(language);
    expect(clockTime(new Date(2026, 10, 23, 0, 7))).toBe('00:07');
  }
});
