import { copyFile, cp, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { bundleClient } from '../bundle-client.ts';
import { bundleCommonJs } from './bundle-common-js.ts';
import { readManifest, root, runProgram } from './staging.ts';

// The files of the package `@curfew/client`, as `npm run build` and `npm pack` make them in client/:
//   dist/          ES modules, file by file, with types and their maps into src/
//   dist/cjs/      CommonJS, with the same types
//   dist/browser/  one minified file each, for pages without a bundler
//   dist/licenses/ of what is bundled into these

const client = join(root, 'client');
const dist = join(client, 'dist');

/** Packages of which built files hold a copy. Their licenses have to come along. */
const BUNDLED = ['jose'];
/** Each is self-contained. */
const BROWSER_FILES = {
  'curfew-client.js': 'client/src/index.ts',
  'notice.js': 'client/src/notice/index.ts',
};

async function buildModules(to: string): Promise<void> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  await Promise.all(
    ['tsconfig.build.json', 'tsconfig.server.json'].map((project) =>
      runProgram(process.execPath, [tsc, '-p', project, '--outDir', to], client),
    ),
  );
  // The maps lead to src/ from where the files will be, by which an editor goes to a definition.
  for (const file of await readdir(to, { recursive: true })) {
    if (!file.endsWith('.map')) continue;
    const sources = relative(dirname(join(client, 'dist', file)), join(client, 'src'));
    const map = await readFile(join(to, file), 'utf8');
    await writeFile(join(to, file), map.replaceAll(/"(?:\.\.\/)+client\/src\//g, `"${sources}/`));
  }
}

async function buildCommonJs(from: string, to: string): Promise<void> {
  await bundleCommonJs(to);
  // Node and TypeScript take the files below for CommonJS by this.
  await writeFile(join(to, 'package.json'), '{ "type": "commonjs" }\n');
  for (const file of await readdir(from, { recursive: true })) {
    if (!file.endsWith('.d.ts') || file.startsWith('cjs')) continue;
    await mkdir(dirname(join(to, file)), { recursive: true });
    const types = await readFile(join(from, file), 'utf8');
    // Its map is for the place of the ES module.
    await writeFile(join(to, file), types.replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n'));
  }
}

async function buildForBrowsers(to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const { name, version } = await readManifest(client);
  const banner = `/*! ${name} ${version}, MIT License */\n`;
  for (const [file, entry] of Object.entries(BROWSER_FILES))
    await writeFile(join(to, file), `${banner}${await bundleClient(entry)}`);
}

/** A link into client/ leads there from the package, too; of any other in this repository only its text is left. */
const toPackageLinks = (markdown: string): string =>
  markdown.replace(/\[([^[\]]+)\]\(([^()]+)\)/g, (link: string, text: string, target: string) => {
    if (target.startsWith('client/')) return `[${text}](${target.slice('client/'.length)})`;
    return /^(?:https?:|#)/.test(target) ? link : text;
  });

async function copyLicenses(to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of BUNDLED)
    await copyFile(join(root, 'node_modules', name, 'LICENSE.md'), join(to, `${name}.md`));
}

// Built aside and moved: a test that reads the files during a build finds the old ones or the new ones.
const cache = join(root, 'node_modules/.cache');
await mkdir(cache, { recursive: true });
const fresh = await mkdtemp(join(cache, 'curfew-client-'));
const built = join(fresh, 'dist');
try {
  await Promise.all([buildModules(built), buildForBrowsers(join(built, 'browser'))]);
  await copyLicenses(join(built, 'licenses'));
  await buildCommonJs(built, join(built, 'cjs'));
  await rename(dist, join(fresh, 'old')).catch(() => rm(dist, { recursive: true, force: true }));
  await rename(built, dist).catch(() => cp(built, dist, { recursive: true }));
} finally {
  await rm(fresh, { recursive: true, force: true });
}
// npm packs what is in the folder of the package only.
await copyFile(join(root, 'LICENSE'), join(client, 'LICENSE'));
const changelog = await readFile(join(root, 'CHANGELOG.md'), 'utf8');
await writeFile(join(client, 'CHANGELOG.md'), toPackageLinks(changelog));
