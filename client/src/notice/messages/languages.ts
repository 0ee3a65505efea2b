/** The languages whose texts are loaded when they are needed. Those of English are always there. */
export const LANGUAGES = ['de', 'es', 'fr', 'it', 'ja', 'nl', 'pl', 'pt'] as const;

export type LoadedLanguage = (typeof LANGUAGES)[number];
