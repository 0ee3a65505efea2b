import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Things that no page shows from outside, because the sources must not do them.

const ROOT = join(import.meta.dirname, '../..');
const sources = (...patterns: string[]): [path: string, text: string][] =>
  globSync(patterns, { cwd: ROOT })
    .filter((path) => !/\.test\.tsx?$|fake-|generated/.test(path))
    .map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]);
const withAny = (files: [string, string][], pattern: RegExp): string[] =>
  files.filter(([, text]) => pattern.test(text)).map(([path]) => path);

const pages = sources('web/src/**/*.{ts,tsx}', 'client/src/{.,browser,core,runtime,tokens}/*.ts');

test('no page and no script for pages sets HTML', () => {
  expect(pages.length).toBeGreaterThan(100);
  expect(
    withAny(pages, /dangerouslySetInnerHTML|(inner|outer)HTML|insertAdjacentHTML|document\.write/),
  ).toEqual([]);
});

test('no page and no script for pages listens to other windows', () => {
  expect(
    withAny(pages, /addEventListener\(\s*['"`]message|window\.onmessage|window\.parent|window\.opener/),
  ).toEqual([]);
});

test('no page handles paste', () => {
  // The client counts it as activity and does not block it.
  expect(withAny(pages, /onPaste|['"`]paste['"`]/)).toEqual(['client/src/browser/user-activity.ts']);
  const [[, text]] = sources('client/src/browser/user-activity.ts') as [[string, string]];
  expect(text).not.toContain('preventDefault');
});

test('every password field is masked and named for password managers', () => {
  const fields = pages.filter(
    ([, text]) => /'password'|"password"/.test(text) && /[Aa]uto[Cc]omplete/.test(text),
  );
  expect(fields.map(([path]) => path).toSorted()).toEqual([
    'web/src/components/password-field.tsx',
    'web/src/features/account/change-password.tsx',
    'web/src/features/sign-in/set-password-form.tsx',
    'web/src/graphiql/status-line.tsx',
  ]);
  for (const [, text] of fields) {
    expect(text).toMatch(/type(=\{|: )isShown \? 'text' : 'password'|type="password"/);
    expect(text).toMatch(/(current|new)-password/);
  }
});

test('only the commands and the start write beside the log', () => {
  expect(withAny(sources('server/**/*.ts'), /console\.|process\.std(out|err)/).toSorted()).toEqual([
    'server/cli/admin.ts',
    'server/cli/banner.ts',
    'server/cli/migrate.ts',
    'server/cli/startup-problem.ts',
    'server/config/dotenv.ts',
    'server/curfew.ts',
  ]);
});
