import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

// `npm run messages` brings the catalogs of web/ up to date with the texts in its sources. With --check it changes nothing
// and fails when they are not, or when a text has no translation.

const root = resolve(import.meta.dirname, '..');
const SOURCE_LOCALE = 'en';

function readCatalogs(): Map<string, string> {
  const paths = readdirSync(join(root, 'web', 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.po'))
    .map((path) => join(root, 'web', 'src', path));
  return new Map(paths.map((path) => [path, readFileSync(path, 'utf8')]));
}

/** The time at which a catalog was made says nothing about its texts. */
const withoutDate = (text: string | undefined): string | undefined =>
  text?.replace(/^"POT-Creation-Date: .*\n/m, '');

const before = readCatalogs();
const { status } = spawnSync('lingui', ['extract', '--clean', '--overwrite'], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(1);
const after = readCatalogs();
for (const [path, text] of after)
  if (withoutDate(text) === withoutDate(before.get(path))) writeFileSync(path, before.get(path)!);

if (process.argv.includes('--check')) {
  const outdated = [...after].filter(([path, text]) => withoutDate(text) !== withoutDate(before.get(path)));
  for (const [path] of after) {
    const text = before.get(path);
    if (text === undefined) rmSync(path);
    else writeFileSync(path, text);
  }
  if (outdated.length > 0) {
    console.error(
      `Not what the sources say: ${outdated.map(([path]) => path).join(', ')}. Run: npm run messages`,
    );
    process.exitCode = 1;
  }
  const untranslated = [...after].filter(
    ([path, text]) => !path.endsWith(`${SOURCE_LOCALE}.po`) && /\nmsgstr ""\n(?!")/.test(text),
  );
  if (untranslated.length > 0) {
    console.error(`Texts without a translation: ${untranslated.map(([path]) => path).join(', ')}.`);
    process.exitCode = 1;
  }
}
