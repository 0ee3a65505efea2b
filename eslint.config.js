import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * Imports run one way: main -> app -> graphql -> *.resolvers -> *.service -> statement files, pure files, entities.
 * A feature uses another feature's services and pure files, never its resolvers; pure files import pure files.
 */
const PURE = [
  'server/sessions/session.ts',
  'server/sessions/session.refresh.ts',
  'server/policies/policy.ts',
  'server/expiry/expiry.ts',
  'server/expiry/lead.ts',
  'server/accounts/caller.ts',
  'server/pagination.ts',
  'server/errors.ts',
  'server/clock.ts',
];
const FEATURES = ['accounts', 'audit', 'expiry', 'policies', 'services', 'sessions', 'sign-in', 'tokens'];

const PAGES = ['account', 'audit', 'expiry', 'policy', 'sessions', 'sign-in'];

const only = (target, from, message) => ({ target, from, message });

export default tseslint.config(
  { ignores: ['**/dist/**', '**/generated/**', 'node_modules/**', '.data/**', '.scratch/**', 'coverage/**'] },
  ...tseslint.configs.recommended,
  {
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.tsx', '.js', '.mjs'] } } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-console': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      'import-x/no-cycle': ['error', { ignoreExternal: true, maxDepth: Infinity }],
    },
  },
  {
    files: ['server/**/*.ts', 'migrations/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 320, skipBlankLines: true, skipComments: true }],
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'jsonwebtoken', message: 'Only server/tokens reads and writes tokens.' }] },
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
            only(
              FEATURES.map((feature) => `server/${feature}`).concat('server/graphql', 'server/database'),
              'server/app.ts',
              'The composition root knows the parts, not the parts it.',
            ),
            only(
              FEATURES.map((feature) => `server/${feature}/!(*.resolvers).ts`),
              'server/graphql',
              'GraphQL is a caller of the features, not a part of them.',
            ),
            only(
              FEATURES.map((feature) => `server/${feature}/!(*.resolvers).ts`),
              FEATURES.map((feature) => `server/${feature}/*.resolvers.ts`),
              'Resolvers carry; nothing depends on them but the composition root.',
            ),
            only(['server/database', 'server/tokens'], 'server/graphql', 'The wrong way round.'),
            ...PURE.map((target) =>
              only(
                target,
                ['server/database', 'server/graphql', 'server/app.ts', 'server/logger.ts', 'migrations'],
                'Rules are pure: what they need is an argument.',
              ),
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
      'max-lines': ['error', { max: 260, skipBlankLines: true, skipComments: true }],
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
      'max-lines': ['error', { max: 280, skipBlankLines: true, skipComments: true }],
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
            only('client/src/server', 'client/src/*.ts', 'Runs in Node.'),
          ],
        },
      ],
    },
  },
  {
    // The one source of time, the one place of tokens, and the programs that talk to a terminal.
    files: ['server/clock.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  { files: ['server/tokens/**/*.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: [
      'server/main.ts',
      'server/admin.ts',
      'server/migrate.ts',
      'server/banner.ts',
      'scripts/**',
      'bench/**',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**', '**/*.test.ts', '**/*.test.tsx'],
    rules: {
      'max-lines': 'off',
      'no-restricted-imports': 'off',
      'no-restricted-syntax': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
