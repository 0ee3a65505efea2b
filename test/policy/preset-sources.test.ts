import { presets } from '../../server/rules/policy.ts';
import { translations } from '../catalogs.ts';

const BOUNDS = {
  idle: { default: 4320, min: 1, max: 43_200 },
  absolute: { default: 20_160, min: 1, max: 129_600 },
};

test.each(['de', 'fr', 'es'])('the pages have every preset’s description in %s', async (language) => {
  const texts = new Map((await translations(language)).map(({ english, text }) => [english, text]));
  for (const { description } of presets(BOUNDS)) {
    expect(texts.get(description)).toBeTruthy();
    expect(texts.get(description)).not.toBe(description);
  }
});
