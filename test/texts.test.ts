import { translations } from './catalogs.ts';

// A catalog is loaded with the place that needs it, and all become one: an id that two of them translate differently would
// change the words on a page as another one is opened.
test.each(['de', 'fr', 'es'])('a text has one translation in all catalogs (%s)', async (language) => {
  const byId = Map.groupBy(await translations(language), ({ id }) => id);
  const different = [...byId.values()]
    .filter((same) => new Set(same.map(({ text }) => text)).size > 1)
    .map((same) => ({ english: same[0]!.english, texts: same.map(({ text }) => text) }));
  expect(different).toEqual([]);
});

/** What the sources name a duration in words; see `inWords`. */
const DURATIONS = 'idle|absolute|limit|lead|least|max|min|most|idleLimit';

// The words of a duration are in the nominative and accusative: "14 Tage", not "14 Tagen".
test('no German text asks for the dative of a duration', async () => {
  const dative = new RegExp(
    `\\b(ab|aus|bei|binnen|gegenüber|in|innerhalb von|mit|nach|seit|um|von|vor|zu)( (etwa|genau|höchstens|mindestens))* \\{(${DURATIONS})\\}(?!-)`,
    'i',
  );
  const german = await translations('de');
  expect(german.filter(({ text }) => dative.test(text)).map(({ text }) => text)).toEqual([]);
});
