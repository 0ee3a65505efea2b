import { createLanguage, type Language } from './language.ts';
import { en } from './messages/en.ts';
import { LANGUAGES } from './messages/languages.ts';
import { loadTexts } from './messages/load-texts.ts';
import { createTextStore, languageFor } from './messages/text-store.ts';
import { type NoticeTexts, type PluralText } from './messages/texts.ts';

const isPlural = (text: unknown): text is PluralText => typeof text === 'object' && 'other' in text!;
const placeholders = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).toSorted();
const keysOf = (texts: NoticeTexts): string[] =>
  Object.keys(texts)
    // Some languages write a limit as `Intl` does.
    .filter((key) => key !== 'limits')
    .toSorted();

const TEXTS: Record<string, NoticeTexts> = { en };
for (const language of LANGUAGES) TEXTS[language] = await loadTexts(language);

/** As it is once its texts are there. */
function languageOf(tags: string[], overrides?: Partial<NoticeTexts>, hourCycle?: string): Language {
  const tag = languageFor(tags);
  return createLanguage(tag, TEXTS[tag]!, tags, overrides, hourCycle);
}

describe.each(Object.keys(TEXTS))('%s', (tag) => {
  const texts = TEXTS[tag]!;

  test('has every text, with the placeholders of the English one', () => {
    expect(keysOf(texts)).toEqual(keysOf(en));
    for (const [key, text] of Object.entries(texts) as [keyof NoticeTexts, unknown][])
      if (typeof text === 'string')
        expect([key, placeholders(text)]).toEqual([key, placeholders(en[key] as string)]);
  });

  test('has the plural forms of its language, and no other', () => {
    const rules = new Intl.PluralRules(tag);
    const needed = new Set(Array.from({ length: 3601 }, (_, count) => rules.select(count)));
    for (const [key, text] of Object.entries(texts)) {
      if (!isPlural(text)) continue;
      expect([key, Object.keys(text).toSorted()]).toEqual([
        key,
        [...new Set([...needed, 'other'])].toSorted(),
      ]);
      for (const form of Object.values(text)) expect(placeholders(form)).toEqual(['{count}']);
    }
  });

  test('is used for its region, and writes times and limits', () => {
    const language = languageOf([`${tag.toUpperCase()}-XX`]);
    expect(language.tag).toBe(tag);
    expect(language.clock(new Date(2026, 10, 30, 14, 32))).toMatch(/^(14|2)[.:]32/);
    for (const [minutes, number] of [
      [90, '90'],
      [720, '12'],
      [4320, '3'],
    ] as const)
      expect(language.limit(minutes)).toContain(number);
    expect(language.plural(language.texts.minutesLeft, 5)).toContain('5');
  });
});

test('the language is the first that there are texts for, and else English', () => {
  expect(languageOf(['sv', 'fr-CH', 'de']).tag).toBe('fr');
  expect(languageOf(['sv', 'constructor', 'de_CH!']).tag).toBe('de');
  expect(languageOf(['sv']).tag).toBe('en');
  expect(languageOf([]).tag).toBe('en');
});

test('times are written as in the region of the page or of the browser, or as the page says', () => {
  const moment = new Date(2026, 10, 30, 14, 32);
  expect(languageOf(['en', 'en-GB']).clock(moment)).toBe('14:32');
  expect(languageOf(['en-US', 'en-GB']).clock(moment)).toMatch(/^2:32\sPM$/);
  expect(languageOf(['en-US'], {}, 'h23').clock(moment)).toBe('14:32');
  expect(languageOf(['en-US'], {}, 'nonsense').clock(moment)).toMatch(/^2:32\sPM$/);
});

test('single texts are replaced, but not by nothing', () => {
  const { texts, fill } = languageOf(['de'], {
    stay: 'Weiter bis {time}, {unknown}',
    dismiss: undefined,
  });
  expect(fill(texts.stay, { time: '14:32' })).toBe('Weiter bis 14:32, {unknown}');
  expect(texts.dismiss).toBe(TEXTS.de!.dismiss);
});

test('texts are loaded once, and what failed is tried again by the next call', async () => {
  const asked: string[] = [];
  const store = createTextStore(async (language, failures) => {
    asked.push(`${language} ${failures}`);
    if (failures === 0) throw new Error('no connection');
    return TEXTS[language]!;
  });
  expect(await Promise.all([store.load('de'), store.load('de')])).toEqual([false, false]);
  expect(store.get('de')).toBe(null);
  expect([await store.load('de'), await store.load('de'), await store.load('en')]).toEqual([
    true,
    true,
    true,
  ]);
  expect([store.get('de'), asked]).toEqual([TEXTS.de, ['de 0', 'de 1']]);
});
