import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';

const RESOLVED = /\bresolve\(\s*["']([^"'\n]+)["']/g;

/** Of every `import` and `export ... from`, of `import('y')` and of `resolve('y')`. */
const specifiersOf = (text: string): string[] => [
  ...ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName),
  ...[...text.matchAll(RESOLVED)].map(([, specifier]) => specifier!),
];

/**
 * Compares what compiled files import with what the package depends on.
 * @throws when they import a package that is no dependency, when they import none of a dependency, or a .ts file
 */
export async function checkImports(folder: string, dependencies: readonly string[]): Promise<void> {
  const imported = new Set<string>();
  for (const entry of await readdir(folder, { recursive: true })) {
    if (!/^(?:server|migrations)\/.*\.js$/.test(entry)) continue;
    for (const specifier of specifiersOf(await readFile(join(folder, entry), 'utf8'))) {
      if (specifier.startsWith('.')) {
        if (specifier.endsWith('.ts')) throw new Error(`${entry} imports ${specifier}.`);
      } else if (!specifier.startsWith('node:')) {
        imported.add(/^(?:@[^/]+\/)?[^/]+/.exec(specifier)![0]);
      }
    }
  }
  const undeclared = [...imported].filter((name) => !dependencies.includes(name));
  if (undeclared.length > 0)
    throw new Error(`The server imports what is no dependency: ${undeclared.join(', ')}.`);
  const unused = dependencies.filter((name) => !imported.has(name));
  if (unused.length > 0) throw new Error(`The server imports none of: ${unused.join(', ')}.`);
}
