import { i18n, type Messages } from '@lingui/core';
import { browserStorage } from './browser-storage.ts';

/** The languages of the pages, each by its own name. The first is shown to people who read none of them. */
export const LANGUAGES = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español' } as const;
export type Language = keyof typeof LANGUAGES;

type Catalog = { messages: Messages };

const START = import.meta.glob<Catalog>('../locales/*.po');
const STORAGE_KEY = 'curfew:language';

/** The places whose texts are loaded in every language that is shown from now on. */
const neededPlaces = new Set<string>();

export const isLanguage = (text: string | null): text is Language => text !== null && text in LANGUAGES;

/** The language that was chosen on this page, else the first of the browser's that Curfew speaks. */
export function preferredLanguage(): Language {
  const chosen = browserStorage.get(STORAGE_KEY);
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map((tag) => tag.split('-', 1)[0]!.toLowerCase()).find(isLanguage) ?? 'en';
}

/** The language that was asked for last. */
let wanted: Language | null = null;

/**
 * Shows the pages in a language. Those on the screen are rendered again. Does nothing when another language is asked for
 * before the texts are loaded.
 */
export async function showIn(language: Language): Promise<void> {
  wanted = language;
  const messages = await read(START, language);
  let places: string[];
  do {
    places = [...neededPlaces];
    Object.assign(messages, await readPlaces(places, language));
    // Another page may have been opened since.
  } while (places.length < neededPlaces.size);
  if (wanted !== language) return;
  document.documentElement.lang = language;
  i18n.loadAndActivate({ locale: language, locales: formatLocales(language), messages });
}

/** Keeps the choice for later visits, where the browser allows it, and shows the pages in that language. */
export async function chooseLanguage(language: Language): Promise<void> {
  browserStorage.set(STORAGE_KEY, language);
  await showIn(language);
}

/** Loads the texts of a page: `app`, or the names of folders of `features`. */
export async function loadTexts(places: readonly string[]): Promise<void> {
  if (places.length === 0) return;
  for (const place of places) neededPlaces.add(place);
  let language: Language;
  do {
    language = i18n.locale as Language;
    i18n.load(language, await readPlaces(places, language));
    // Another language may have been chosen since.
  } while (i18n.locale !== language);
}

/** Dates and numbers follow the browser's region where it is one of the language: `de-AT` for German. */
const formatLocales = (language: Language): string[] => [
  ...navigator.languages.filter(
    (tag) => tag.split('-', 1)[0]!.toLowerCase() === language && isWellFormedTag(tag),
  ),
  language,
];

/** Chromium on a system without a language says `en-US@posix`, which Intl refuses. */
function isWellFormedTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

async function readPlaces(places: readonly string[], language: Language): Promise<Messages> {
  if (places.length === 0) return {};
  const { SIGNED_IN_CATALOGS } = await import('./signed-in-catalogs.ts');
  const isOfThese = (path: string) => places.some((place) => path.includes(`/${place}/locales/`));
  return read(
    Object.fromEntries(Object.entries(SIGNED_IN_CATALOGS).filter(([path]) => isOfThese(path))),
    language,
  );
}

async function read(catalogs: Record<string, () => Promise<Catalog>>, language: Language): Promise<Messages> {
  const loads = Object.entries(catalogs).filter(([path]) => path.endsWith(`/${language}.po`));
  const loaded = await Promise.all(loads.map(([, load]) => load()));
  return Object.assign({}, ...loaded.map(({ messages }) => messages));
}
