import { replaceNul } from '../database/replace-nul.ts';
import { badInput } from '../errors.ts';
import type { AppType } from '../generated/schema.ts';

const MAX_LENGTH = 200;

/**
 * What people call the two kinds of application, in the languages of the pages, in lower case. The names of the API
 * match as a whole.
 */
const APP_WORDS: Readonly<Record<AppType, string>> = {
  TENANT_APP: 'tenant app your application ihre anwendung votre application su aplicación',
  CONTROL_PANEL: 'control panel verwaltung kontrollpanel panneau de contrôle panel de control',
};
const APP_TYPES = Object.keys(APP_WORDS) as AppType[];

const PART_OF_AN_ADDRESS = /^[0-9a-f.:]+$/;

/** A word of a search, and what it can match besides names and devices. */
export interface SearchWord {
  /** In lower case. All four letters i are one, as in `lowerCaseOf`. */
  text: string;
  appTypes: readonly AppType[];
  /** Whether addresses can begin with it. */
  isAddress: boolean;
}

/**
 * Splits a search into its words, each of which a session has to match. None: every session matches.
 * @throws BAD_USER_INPUT for more than 200 characters
 */
export function toSearchWords(text: string | null): SearchWord[] {
  const search = text?.trim() ?? '';
  if (search.length > MAX_LENGTH) {
    throw badInput('search', `search has at most ${MAX_LENGTH} characters.`, {
      reason: 'OUT_OF_BOUNDS',
      max: MAX_LENGTH,
    });
  }
  const words = lowerCase(replaceNul(search).toWellFormed()).split(/\s+/u);
  return [...new Set(words)].filter((word) => word !== '').map(toWord);
}

const lowerCase = (text: string): string =>
  text.toLowerCase().replaceAll('i\u0307', 'i').replaceAll('ı', 'i');

const toWord = (text: string): SearchWord => ({
  text,
  appTypes: APP_TYPES.filter(
    (appType) => APP_WORDS[appType].includes(text) || appType.toLowerCase() === text,
  ),
  isAddress: PART_OF_AN_ADDRESS.test(text),
});
