import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { extname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { LANGUAGES } from '../client/src/notice/messages/languages.ts';
import { bundleClient } from './bundle-client.ts';

const root = resolve(import.meta.dirname, '..');
const web = join(root, 'web');
const dist = join(web, 'dist');
const hashFile = '.build-hash';

/** Builds web/ into web/dist when its sources have changed since the last build. Returns whether it did. */
export async function buildWebIfChanged(): Promise<boolean> {
  const hash = await sourceHash();
  if ((await builtHash()) === hash) return false;
  console.log('Building the web pages: their sources have changed.');
  // Loaded here, so that a start without a build does not load Vite.
  const { build } = await import('vite');
  // Built aside and moved, so another process sees the old pages or the new ones, never a part.
  const cache = join(root, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, 'curfew-web-'));
  // Every build is a production build. Vite sets NODE_ENV too, so it is restored afterwards.
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    await build({
      configFile: join(web, 'vite.config.ts'),
      configLoader: 'native',
      logLevel: 'warn',
      build: { outDir: fresh, emptyOutDir: true },
    });
    await writeNotice(fresh);
    await compressUnder(fresh);
    await writeFile(join(fresh, hashFile), hash);
    // Only the owner can read a temporary folder, but the server may run as another user.
    await chmod(fresh, 0o755);
    await replaceDist(fresh, hash);
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
    await rm(fresh, { recursive: true, force: true });
  }
  return true;
}

/** The notice for pages of any origin, and beside it the languages that it loads; see client/src/notice/script.ts. */
async function writeNotice(folder: string): Promise<void> {
  await mkdir(join(folder, 'notice'));
  await writeFile(join(folder, 'notice.js'), await bundleClient('client/src/notice/script.ts'));
  for (const language of LANGUAGES)
    await writeFile(
      join(folder, 'notice', `${language}.js`),
      await bundleClient(`client/src/notice/messages/${language}.ts`),
    );
}

async function replaceDist(fresh: string, hash: string): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  try {
    await rename(fresh, dist);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // Another process has built these sources first.
    if ((code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'EPERM') && (await builtHash()) === hash)
      return;
    if (code !== 'EXDEV') throw error;
    await cp(fresh, dist, { recursive: true });
  }
}

// Without .html: the server writes a nonce into each page.
const compressible = new Set(['.js', '.css', '.svg', '.json', '.ttf']);
/** Compressing a smaller file saves no more than its header costs. */
const compressFromBytes = 1024;
/** From this size on, Brotli's two highest levels take too long. GraphiQL's editor is that large. */
const bigBytes = 1024 * 1024;

/** Writes .br and .gz beside the files of the build. The server sends them unchanged. */
async function compressUnder(folder: string): Promise<void> {
  const paths = (await filesUnder(folder)).filter((path) => compressible.has(extname(path)));
  await Promise.all(
    paths.map(async (path) => {
      const content = await readFile(path);
      if (content.length < compressFromBytes) return;
      const params = {
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_QUALITY]: content.length < bigBytes ? 11 : 9,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      };
      await writeFile(`${path}.br`, await promisify(brotliCompress)(content, { params }));
      await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
    }),
  );
}

async function builtHash(): Promise<string | null> {
  return readFile(join(dist, hashFile), 'utf8').catch(() => null);
}

async function sourceHash(): Promise<string> {
  const sources = [
    join(root, 'schema.graphql'),
    join(root, 'package-lock.json'),
    join(root, 'client', 'package.json'),
    join(import.meta.dirname, 'bundle-client.ts'),
    import.meta.filename,
  ];
  for (const folder of [web, join(root, 'client', 'src')]) sources.push(...(await filesUnder(folder)));
  const hash = createHash('sha256');
  for (const path of sources) {
    const content = await readFile(path).catch(() => Buffer.from('missing'));
    hash.update(`${relative(root, path)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'dist' && entry.name !== 'node_modules') {
      found.push(...(await filesUnder(path)));
    } else if (entry.isFile()) {
      found.push(path);
    }
  }
  return found;
}

if (import.meta.main) await buildWebIfChanged();
