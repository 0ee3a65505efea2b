import { en } from './en.ts';
import { LANGUAGES, type LoadedLanguage } from './languages.ts';
import { type NoticeTexts } from './texts.ts';

/** `failures`: how often this language could not be loaded before. Rejects when it cannot be loaded. */
export type LoadTexts = (language: LoadedLanguage, failures: number) => Promise<NoticeTexts>;

/** The texts of the languages that were loaded so far, for all elements. */
export interface TextStore {
  /** `language`: as `languageFor` returns it. Null: its texts are not there yet. */
  get(language: string): NoticeTexts | null;
  /**
   * Loads the texts if they are neither there nor on their way. Resolves to whether they are there: what fails is tried
   * again by the next call.
   */
  load(language: string): Promise<boolean>;
}

export function createTextStore(loadTexts: LoadTexts): TextStore {
  const loaded = new Map<string, NoticeTexts>([['en', en]]);
  const loading = new Map<string, Promise<boolean>>();
  const failures = new Map<string, number>();

  async function load(language: LoadedLanguage): Promise<boolean> {
    const failed = failures.get(language) ?? 0;
    try {
      loaded.set(language, await loadTexts(language, failed));
    } catch {
      // English is shown. The browser has written into the console why.
      failures.set(language, failed + 1);
    }
    loading.delete(language);
    return loaded.has(language);
  }

  return {
    get: (language) => loaded.get(language) ?? null,
    async load(language) {
      if (loaded.has(language)) return true;
      let promise = loading.get(language);
      if (!promise) {
        promise = load(language as LoadedLanguage);
        loading.set(language, promise);
      }
      return promise;
    },
  };
}

/** The first of the language tags, such as `de-CH`, that there are texts for, and else English. */
export function languageFor(tags: readonly string[]): string {
  const known: readonly string[] = [...LANGUAGES, 'en'];
  return tags.map(baseOf).find((each) => known.includes(each)) ?? 'en';
}

/** The language of a tag, without its region. */
export const baseOf = (tag: string): string => tag.toLowerCase().split(/[-_]/, 1)[0]!;
