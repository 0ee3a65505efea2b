import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { PAGES } from './pages.ts';

// A text that is not loaded is shown as its id, so what a page lists is compared with what it imports.

const SRC = resolve(import.meta.dirname, '..');
/** Their texts are loaded with the sign-in page. */
const AT_START = /^(components|lib|features\/sign-in)\//;

const read = (path: string) => readFileSync(path, 'utf8');

/** The modules of web/src that a module imports by an expression. */
const importsOf = (path: string, expression: RegExp): string[] =>
  [...read(path).matchAll(expression)]
    .map(([, to]) => resolve(dirname(path), to!))
    .filter((to) => /\.tsx?$/.test(to));

const AT_ONCE = /^(?:import|export) (?!type\b)[^;]*?from '(\.[^']+)'/gm;
const LATER = /\bimport\('(\.[^']+)'\)/g;

/** The places whose texts a module loads with what it imports later. */
const loadedLater = (path: string): string[] =>
  [...read(path).matchAll(/\bloadTexts\(\[(.*?)\]\)/gs)].flatMap(([, list]) =>
    [...list!.matchAll(/'([^']+)'/g)].map(([, place]) => place!),
  );

/** The places whose texts a module and what it imports need, without those that are loaded with a part of it. */
function placesFrom(path: string, loaded: readonly string[] = [], seen = new Set<string>()): Set<string> {
  const visit = [path, ...loaded].join(' ');
  if (seen.has(visit)) return new Set();
  seen.add(visit);
  const own = placeOf(path);
  const later = [...new Set([...loaded, ...loadedLater(path)])].sort();
  return new Set([
    ...(own === null || loaded.includes(own) ? [] : [own]),
    ...importsOf(path, AT_ONCE).flatMap((to) => [...placesFrom(to, loaded, seen)]),
    ...importsOf(path, LATER).flatMap((to) => [...placesFrom(to, later, seen)]),
  ]);
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
  expect([...placesFrom(fileOf(name))].sort()).toEqual([...texts].sort());
});
