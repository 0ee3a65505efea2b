import { i18n } from '@lingui/core';

/**
 * A formatter for the current language. It is made once for each language, because making one takes longer than all
 * that it formats on a page. The browser's own language is used where no language is chosen, as on the GraphiQL page.
 */
export function byLocale<T>(create: (locales: string[] | undefined) => T): () => T {
  const made = new Map<string, T>();
  return () => {
    const locales = i18n.locales ?? (i18n.locale || undefined);
    const list = typeof locales === 'string' ? [locales] : (locales as string[] | undefined);
    const key = list?.join() ?? '';
    let formatter = made.get(key);
    if (formatter === undefined) {
      formatter = create(list);
      made.set(key, formatter);
    }
    return formatter;
  };
}
