import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { i18n } from '@lingui/core';
import { formatter } from '@lingui/format-po';

const SOURCES = join(import.meta.dirname, '..', 'web', 'src');

/** A text of the pages: as the sources have it, and as a language's catalog does. */
export interface Translation {
  id: string;
  english: string;
  text: string;
}

/** All texts of the pages in a language. */
export async function translations(language: string): Promise<Translation[]> {
  const paths = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith(`/${language}.po`),
  );
  const catalogs = await Promise.all(
    paths.map((path) => {
      const filename = join(SOURCES, path);
      return formatter().parse(readFileSync(filename, 'utf8'), {
        locale: language,
        sourceLocale: 'en',
        filename,
      });
    }),
  );
  return catalogs.flatMap((catalog) =>
    Object.entries(catalog).map(([id, { message, translation }]) => ({
      id,
      english: message ?? '',
      text: translation ?? '',
    })),
  );
}

/** Makes a language the current one, with its catalogs, for a test of functions that return texts. */
export async function speak(language: string, ...locales: string[]): Promise<void> {
  const texts = await translations(language);
  i18n.loadAndActivate({
    locale: language,
    locales: [...locales, language],
    messages: Object.fromEntries(texts.map(({ id, text }) => [id, text])),
  });
}
