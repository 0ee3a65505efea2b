import { type LoadedLanguage } from './languages.ts';
import { type NoticeTexts } from './texts.ts';

/** Written out, so that a bundler makes a file of each. */
const LOADERS: Record<LoadedLanguage, () => Promise<NoticeTexts>> = {
  de: async () => (await import('./de.ts')).de,
  es: async () => (await import('./es.ts')).es,
  fr: async () => (await import('./fr.ts')).fr,
  it: async () => (await import('./it.ts')).it,
  ja: async () => (await import('./ja.ts')).ja,
  nl: async () => (await import('./nl.ts')).nl,
  pl: async () => (await import('./pl.ts')).pl,
  pt: async () => (await import('./pt.ts')).pt,
};

/** Loads the texts of a language as a module of the package. */
export const loadTexts = (language: LoadedLanguage): Promise<NoticeTexts> => LOADERS[language]();
