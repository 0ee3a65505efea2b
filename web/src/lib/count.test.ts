import { speak } from '../../../test/catalogs.ts';
import { entries, newSignIns, people, sessions } from './count.ts';

afterEach(() => speak('en'));

test('counts agree with their noun', () => {
  expect([people(1), people(2), newSignIns(3)]).toEqual(['1 person', '2 people', '3 new sign-ins']);
  expect([sessions(0), sessions(1), sessions(1234)]).toEqual(['0 sessions', '1 session', '1,234 sessions']);
});

test('the server counts to 10,000, and the words say so', () => {
  expect([sessions(10_000), entries(10_000)]).toEqual(['10,000 or more sessions', '10,000 or more entries']);
});

test.each([
  ['de', ['1 Person', '2 Personen', '1.234 Sitzungen', '10.000 oder mehr Einträge']],
  ['fr', ['1 personne', '2 personnes', '1 234 sessions', '10 000 entrées ou plus']],
  ['es', ['1 persona', '2 personas', '1234 sesiones', '10.000 entradas o más']],
])('counts in %s', async (language, words) => {
  await speak(language);
  const shown = [people(1), people(2), sessions(1234), entries(10_000)];
  expect(shown.map((text) => text.replaceAll(/\s/g, ' '))).toEqual(words);
});
