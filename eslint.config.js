import importX from 'eslint-plugin-import-x';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';
import ownElement from './lint/own-element.js';
import retiredWords from './lint/retired-words.js';

/**
 * The rooms of server/ in storeys, the lowest first. A room imports from the storeys below it, never from its own or one
 * above. CONTRIBUTING.md says what each holds.
 */
const ROOMS = [
  ['bearer.ts', 'clock.ts', 'email.ts', 'errors.ts', 'logger.ts', 'pagination.ts', 'rfc3339.ts'],
  ['metrics', 'tracing'],
  ['database'],
  ['accounts', 'background', 'rules'],
  ['config', 'events'],
  ['addresses.ts', 'audit', 'mail', 'tokens'],
  ['security-log', 'sessions'],
  ['expiry', 'users'],
  ['policies', 'service-api'],
  ['account-feed', 'new-device-notices', 'sign-in'],
  ['event-streams'],
  ['event-sources'],
  ['deletion', 'exports'],
  ['graphql', 'maintenance'],
  ['http'],
  ['websocket'],
  ['open-database.ts'],
  ['app.ts'],
  ['demo'],
  ['cli'],
  ['main.ts'],
  ['curfew.ts'],
].map((storey) => storey.map((room) => `server/${room}`));
/** Error texts of `email.ts` and `pagination.ts` come from `errors.ts`, which imports nothing. */
const LEAVES = ROOMS[0];

const PAGES = [
  'account',
  'applications',
  'audit',
  'events',
  'evidence',
  'expiry',
  'new-sign-ins',
  'people',
  'policy',
  'reauthentication',
  'sessions',
  'sign-in',
];

/**
 * What a browser that the kit supports lacks: Chrome and Edge 109, Firefox 115, Safari 16.4, and pages without https. The
 * build's `lib` refuses newer features of the language as well.
 */
const NEWER_THAN_BROWSERS = [
  ...['parse', 'canParse'].map((property) => ({ object: 'URL', property })),
  ...['try', 'withResolvers'].map((property) => ({ object: 'Promise', property })),
  ...['Object', 'Map'].map((object) => ({ object, property: 'groupBy' })),
  { object: 'Array', property: 'fromAsync' },
  { object: 'AbortSignal', property: 'any' },
  { object: 'Response', property: 'json' },
  ...['checkVisibility', 'randomUUID', 'setHTMLUnsafe', 'toReversed', 'toSorted', 'toSpliced'].map(
    (property) => ({
      property,
    }),
  ),
].map((restricted) => ({ ...restricted, message: 'Missing in browsers that the kit supports.' }));

const only = (target, from, message) => ({ target, from, message });

const notUp = ROOMS.slice(0, -1).flatMap((storey, index) =>
  storey.map((room) =>
    only(
      room.endsWith('.ts') ? room : `${room}/**/!(*.test).ts`,
      [
        ...(storey === LEAVES ? [] : storey.filter((other) => other !== room)),
        ...ROOMS.slice(index + 1).flat(),
      ],
      'Imports go down the storeys of server/ (ROOMS in eslint.config.js).',
    ),
  ),
);

export default tseslint.config(
  { ignores: ['**/dist/**', '**/generated/**', 'node_modules/**', '.data/**', '.scratch/**', 'coverage/**'] },
  ...tseslint.configs.recommended,
  {
    plugins: {
      'import-x': importX,
      regexp,
      curfew: { rules: { 'own-element': ownElement, 'retired-words': retiredWords } },
    },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.tsx', '.js', '.mjs'] } } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // A regular expression whose cost grows faster than the text lets one request hold up all others.
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential' }],
      'no-console': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      'import-x/no-cycle': ['error', { ignoreExternal: true, maxDepth: Infinity }],
    },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  {
    files: ['**/*.{js,mjs,ts,tsx}'],
    ignores: ['lint/**', 'migrations/**', 'bench/experiments/**'],
    rules: { 'curfew/retired-words': 'error' },
  },
  {
    files: ['**/*.{ts,tsx}'],
    ignores: ['lint/**'],
    languageOptions: {
      parserOptions: {
        project: [
          'tsconfig.json',
          'web/tsconfig.json',
          'test/browser/tsconfig.json',
          'examples/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 150 }],
    },
  },
  {
    // Their frameworks are not installed here; the tests of these examples check their types.
    files: ['examples/{nestjs,nextjs}/**/*.{ts,tsx}'],
    ...tseslint.configs.disableTypeChecked,
  },
  {
    // Listeners of pages return promises that nothing waits for.
    files: ['examples/**/*.ts'],
    ignores: ['examples/{nestjs,nextjs}/**'],
    rules: {
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
    },
  },
  {
    files: ['server/**/*.ts', 'migrations/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'jsonwebtoken', message: 'Only server/tokens reads and writes tokens.' },
            { name: 'prom-client', message: 'Rooms record through server/metrics/metrics.ts.' },
          ],
          patterns: [
            {
              group: ['@opentelemetry/*'],
              message: 'Only server/tracing/opentelemetry.ts loads it, and only where traces are on.',
            },
            {
              group: ['**/tracing/opentelemetry.ts'],
              message: 'Loaded by import(), and only where traces are on.',
            },
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'Time comes from the Clock.',
        },
        {
          selector: 'CallExpression[callee.object.name="Date"][callee.property.name="now"]',
          message: 'Time comes from the Clock.',
        },
        { selector: 'TSEnumDeclaration', message: 'Node strips types and runs the rest: no enums.' },
      ],
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            ...notUp,
            only(
              'server/*/**/!(*.resolvers|*.module|*.test).ts',
              'server/*/*.resolvers.ts',
              'Resolvers carry; only modules wire them.',
            ),
            only(
              'server/rules',
              ['server/database', 'server/logger.ts', 'migrations'],
              'Rules are pure: what they need is an argument.',
            ),
          ],
        },
      ],
    },
  },
  {
    // On the web: components and lib -> features -> app; a feature knows nothing of another.
    files: ['web/src/**/*.{ts,tsx}'],
    ignores: ['**/*.test.{ts,tsx}'],
    rules: {
      'curfew/own-element': 'error',
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            only('web/src/lib', 'web/src/components', 'What a component needs, not the reverse.'),
            only(
              ['web/src/lib', 'web/src/components'],
              ['web/src/features', 'web/src/app'],
              'Shared parts know nothing of the pages.',
            ),
            only('web/src/features', 'web/src/app', 'The app puts the features together.'),
            ...PAGES.map((page) =>
              only(
                `web/src/features/${page}`,
                PAGES.filter((other) => other !== page).map((other) => `web/src/features/${other}`),
                'Features meet in web/src/app.',
              ),
            ),
          ],
        },
      ],
    },
  },
  {
    // The kit serves any application: React only in its hooks.
    files: ['client/src/**/*.ts'],
    ignores: ['client/src/react.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: [{ name: 'react', message: 'Hooks live in react.ts.' }] }],
    },
  },
  {
    // The browser's part knows nothing of Node, nor the server's part of the browser: each is built with its own types.
    files: ['client/src/**/*.{ts,tsx}'],
    ignores: ['**/*.test.{ts,tsx}'],
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            only('client/src/!(server)', 'client/src/server', 'Runs in browsers.'),
            only('client/src/*.ts', 'client/src/server', 'Runs in browsers.'),
            only('client/src/server', ['client/src/*.ts', 'client/src/!(server)/**'], 'Runs in Node.'),
            only(
              'client/src/core',
              ['client/src/*.ts', 'client/src/!(core)/**'],
              'The reducer is pure: what it needs comes with the event.',
            ),
          ],
        },
      ],
    },
  },
  {
    files: ['client/src/**/*.ts'],
    ignores: ['client/src/server/**', 'client/src/testing/**', '**/*.test.ts'],
    rules: { 'no-restricted-properties': ['error', ...NEWER_THAN_BROWSERS] },
  },
  {
    files: ['client/src/core/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', 'setTimeout', 'clearTimeout', 'fetch', 'crypto', 'globalThis'],
      'no-restricted-properties': [
        'error',
        ...NEWER_THAN_BROWSERS,
        { object: 'Date', property: 'now', message: 'Time comes with the event.' },
        { object: 'Math', property: 'random', message: 'The same event gives the same result.' },
      ],
    },
  },
  {
    // The one source of time, the one place of tokens, and the programs that talk to a terminal.
    files: ['server/clock.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['server/tokens/**/*.ts', 'server/metrics/**/*.ts', 'server/tracing/**/*.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: [
      'server/main.ts',
      'server/curfew.ts',
      'server/cli/admin.ts',
      'server/cli/migrate.ts',
      'server/cli/banner.ts',
      'scripts/**',
      'bench/**',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**', '**/*.test.ts', '**/*.test.tsx', 'client/src/testing/**'],
    rules: {
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      'curfew/retired-words': ['error', { titlesOnly: true }],
      'no-restricted-imports': 'off',
      'no-restricted-syntax': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
