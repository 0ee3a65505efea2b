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
