import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

// A criterion is claimed with the test that would notice if it were no longer met.
test('every test that docs/accessibility.md names exists', async () => {
  const statement = (await readFile(join(root, 'docs/accessibility.md'), 'utf8')).replaceAll(/\s+/g, ' ');
  const named = [...statement.matchAll(/`([\w/.-]+\.test\.tsx?)`: (.+?) ?[|)]/g)].map(([, file, title]) => ({
    file: file!,
    title: title!,
  }));
  expect(named.length).toBeGreaterThan(15);
  const missing = [];
  for (const { file, title } of named)
    if (!(await readFile(join(root, file), 'utf8')).includes(`'${title}'`)) missing.push(`${file}: ${title}`);
  expect(missing).toEqual([]);
});
