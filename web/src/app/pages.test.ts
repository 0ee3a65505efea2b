import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { PAGES } from './pages.ts';

// A text that is not loaded is shown as its id, so what a page lists is compared with what it imports.

const SRC = resolve(import.meta.dirname, '..');
/** Their texts are loaded with the sign-in page. */
const AT_START = /^(components|lib|features\/sign-in)\//;

const read = (path: string) => readFileSync(path, 'utf8');

/** The modules of web/src that a module imports, at once or later. */
function importsOf(path: string): string[] {
  const source = read(path);
  const found = [
    ...source.matchAll(/^(?:import|export) (?!type\b)[^;]*?from '(\.[^']+)'/gm),
    ...source.matchAll(/\bimport\('(\.[^']+)'\)/g),
  ];
  return found.map(([, to]) => resolve(dirname(path), to!)).filter((to) => /\.tsx?$/.test(to));
}

function modulesFrom(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const imported of importsOf(path)) modulesFrom(imported, found);
  return found;
}

/** `people` for a module of features/people that has texts, `app` for one of app. */
function placeOf(module: string): string | null {
  const path = relative(SRC, module);
  if (AT_START.test(path) || !/@lingui\/(core|react)\/macro/.test(read(module))) return null;
  return /^(?:features\/)?([^/]+)\//.exec(path)![1]!;
}

const sources = read(resolve(import.meta.dirname, 'pages.ts'));

function fileOf(name: string): string {
  const [, path] = new RegExp(`^  '?${name}'?: \\{\\s*load:[^']*'([^']+)'`, 'm').exec(sources)!;
  return resolve(import.meta.dirname, path!);
}

test.each(Object.entries(PAGES))('the page %s loads the texts of all that it imports', (name, { texts }) => {
  const places = new Set([...modulesFrom(fileOf(name))].map(placeOf));
  expect([...places].filter((place) => place !== null).sort()).toEqual([...texts].sort());
});
