import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

export interface BrowserPage {
  page: Page;
  /** Every address outside this machine that the page, or another tab of it, asked for; none of them was reached. */
  foreignRequests: string[];
  /** What those logged as an error (a breach of their content security policy is one) or threw. */
  consoleErrors: string[];
}

export interface TestBrowser {
  /** A page with cookies and storage of its own. */
  newPage(options?: BrowserContextOptions): Promise<BrowserPage>;
  close(): Promise<void>;
}

/** Starts the Chromium that the test dependencies bring along: no system package, no display, no network. */
export async function launchBrowser(): Promise<TestBrowser> {
  // The package is for Linux on x64; elsewhere the machine's own Chrome has to do.
  const ours = process.platform === 'linux' && process.arch === 'x64';
  const browser = ours ? await launchPackage() : await chromium.launch({ channel: 'chrome', args });
  return {
    newPage: (options) => openPage(browser, options),
    close: () => browser.close(),
  };
}

const args = [
  // Second line of defence behind the routes below: no name resolves.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
  '--font-render-hinting=none',
];

/**
 * Not with the flags that the package recommends: they are for a cloud function, switch web security off, and make
 * Chromium take seconds to close.
 */
async function launchPackage(): Promise<Browser> {
  const folder = await unpackChromium();
  const options = {
    executablePath: join(folder, 'chromium'),
    // Root, as in most containers, gets no sandbox; and a bare machine has no graphics.
    args: [...args, '--no-sandbox', '--no-zygote', '--disable-gpu'],
    env: { ...process.env, FONTCONFIG_FILE: join(folder, 'with-package.conf') },
  };
  return chromium.launch(options).catch((error: unknown) => {
    if (!String(error).includes('error while loading shared libraries')) throw error;
    // A bare machine lacks NSS and expat; the package has them for the cloud function it was made for.
    const libraries = { LD_LIBRARY_PATH: join(folder, 'al2023/lib') };
    return chromium.launch({ ...options, env: { ...options.env, ...libraries } });
  });
}

async function openPage(browser: Browser, options?: BrowserContextOptions): Promise<BrowserPage> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const foreignRequests: string[] = [];
  const consoleErrors: string[] = [];
  await context.route(isForeign, (route) => {
    foreignRequests.push(route.request().url());
    return route.abort('blockedbyclient');
  });
  await context.routeWebSocket(isForeign, async (socket) => {
    foreignRequests.push(socket.url());
    await socket.close({ code: 1008, reason: 'Foreign host' });
  });
  context.on('console', (message) => {
    if (message.type() === 'error') consoleErrors.push(`${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (thrown) => consoleErrors.push(String(thrown.error())));
  return { page: await context.newPage(), foreignRequests, consoleErrors };
}

function isForeign(url: URL): boolean {
  return /^(https?|wss?):$/.test(url.protocol) && !['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
}

const root = join(import.meta.dirname, '../..');
let unpacked: Promise<string> | undefined;

/**
 * The folder with the browser; filled once per installation. The package unpacks into the temporary folder and would
 * take a half-written file of a parallel run for a finished one; so it gets a folder of its own, which then moves.
 */
function unpackChromium(): Promise<string> {
  unpacked ??= unpack();
  return unpacked;
}

async function unpack(): Promise<string> {
  const manifest = await readFile(join(root, 'node_modules/@sparticuz/chromium/package.json'), 'utf8');
  const cache = join(root, 'node_modules/.cache');
  const folder = join(cache, `curfew-chromium-${(JSON.parse(manifest) as { version: string }).version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, 'curfew-chromium-new-'));
  try {
    await runPackage(fresh);
    await writeFile(join(fresh, 'with-package.conf'), fontsOfBoth(folder));
    // Whoever is second finds the folder taken, which is as good.
    await rename(fresh, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return folder;
}

/** In a process of its own: the package reads TMPDIR, and under Jest process.env is a copy that it would not see. */
async function runPackage(temporaryFolder: string): Promise<void> {
  const unpackIt = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', unpackIt], {
    cwd: root,
    env: {
      ...process.env,
      TMPDIR: temporaryFolder,
      NODE_OPTIONS: '',
      // The name of this runtime makes it unpack its libraries, too.
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    },
  });
}

/** The machine's own fonts where it has any, and those of the package. */
const fontsOfBoth = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${folder}/fonts/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`;
