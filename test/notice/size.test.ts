import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

/** In bytes, compressed as Curfew sends it to every supported browser. */
const MAX = 25_000;

test('the notice with its watcher stays small', async () => {
  const built = await readFile(join(import.meta.dirname, '../../web/dist/notice.js'));
  expect(brotliCompressSync(built).length).toBeLessThanOrEqual(MAX);
  expect(gzipSync(built, { level: 9 }).length).toBeLessThanOrEqual(MAX);
  const code = built.toString();
  // It loads nothing more but the texts of a language.
  expect(code).not.toMatch(/\bfrom\s*["'`]|\bimport\s*["'`]/);
  expect(code.match(/\bimport\s*\(/g)).toHaveLength(1);
  expect(code).toMatch(/new URL\(`notice\/\$\{\w+\}\.js`/);
});
