import { formatter } from '@lingui/format-po';
import { defineConfig } from '@lingui/cli';

/** The languages of the pages. English is the language of the sources. */
export default defineConfig({
  locales: ['en', 'de', 'fr', 'es'],
  sourceLocale: 'en',
  // A translation is read beside its English text, and changes only with it.
  format: formatter({ origins: false, lineNumbers: false, printLinguiId: false }),
  catalogs: [
    // What the sign-in page needs, and every other page too.
    {
      path: '<rootDir>/web/src/locales/{locale}',
      include: [
        'web/src/app/not-found.tsx',
        'web/src/app/page-failure.tsx',
        'web/src/app/require-session.tsx',
        'web/src/components',
        'web/src/lib',
        'web/src/features/sign-in',
      ],
      exclude: ['**/*.test.*'],
    },
    // Loaded with the first page behind the sign-in.
    {
      path: '<rootDir>/web/src/app/locales/{locale}',
      include: ['web/src/app'],
      exclude: ['**/*.test.*'],
    },
    {
      path: '<rootDir>/web/src/features/{name}/locales/{locale}',
      include: ['web/src/features/{name}'],
      exclude: ['**/sign-in/**', '**/*.test.*'],
    },
  ],
});
