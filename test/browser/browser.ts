import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

export interface BrowserPage {
  page: Page;
  /** Requests of the page and its tabs to other machines. All of them are blocked. */
  foreignRequests: string[];
  /** Console errors, including violations of the content security policy, and uncaught errors. */
  consoleErrors: string[];
}

/** A console error that is no fault: the browser logs it when the server closes a socket while graphql-ws sends. */
export const CLOSING_RACE = /^WebSocket is already in CLOSING or CLOSED state/;

export interface TestBrowser {
  /** Opens a page with its own cookies and storage. */
  newPage(options?: BrowserContextOptions): Promise<BrowserPage>;
  close(): Promise<void>;
}

/** Starts the Chromium of the test dependencies. Needs no system package, display or network. */
export async function launchBrowser(): Promise<TestBrowser> {
  // The package supports only Linux on x64; elsewhere the installed Chrome is used.
  const ours = process.platform === 'linux' && process.arch === 'x64';
  return toTestBrowser(ours ? await launchPackage() : await chromium.launch({ channel: 'chrome', args }));
}

export const toTestBrowser = (browser: Browser): TestBrowser => ({
  newPage: (options) => openPage(browser, options),
  close: () => browser.close(),
});

const args = [
  // Second line of defence after the routes below: no host name resolves.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
  '--font-render-hinting=none',
];

/**
 * Does not use the flags that the package recommends: they are meant for a cloud function, disable web security and
 * make Chromium take seconds to close.
 */
async function launchPackage(): Promise<Browser> {
  const folder = await unpackChromium();
  const options = {
    executablePath: join(folder, 'chromium'),
    // The sandbox does not work as root, as in most containers, and a bare machine has no GPU.
    args: [...args, '--no-sandbox', '--no-zygote', '--disable-gpu'],
    env: { ...process.env, FONTCONFIG_FILE: join(folder, 'with-package.conf') },
  };
  return chromium.launch(options).catch((error: unknown) => {
    if (!String(error).includes('error while loading shared libraries')) throw error;
    // A bare machine lacks NSS and expat; the package contains them.
    const libraries = { LD_LIBRARY_PATH: join(folder, 'al2023/lib') };
    return chromium.launch({ ...options, env: { ...options.env, ...libraries } });
  });
}

async function openPage(browser: Browser, options?: BrowserContextOptions): Promise<BrowserPage> {
  const context = await browser.newContext({ reducedMotion: 'reduce', timezoneId: noonZone(), ...options });
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

/**
 * A time zone in which it is now between 12:00 and 13:00. Near midnight, pages write `tomorrow at 00:10` instead of
 * `00:10`, so a test of an end in an hour would fail between 23:00 and midnight.
 */
function noonZone(): string {
  const offset = 12 - new Date().getUTCHours();
  // POSIX signs: Etc/GMT-3 is three hours ahead of UTC.
  return offset === 0 ? 'Etc/GMT' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
}

function isForeign(url: URL): boolean {
  return /^(https?|wss?):$/.test(url.protocol) && !['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
}

const root = join(import.meta.dirname, '../..');
let unpacked: Promise<string> | undefined;

/**
 * The folder with the browser, unpacked once per installation. The package would take a half-written file of a parallel
 * run for a complete one, so it unpacks into a new folder, which is then renamed.
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
    // A parallel run may have finished first.
    await rename(fresh, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return folder;
}

/** Runs in a separate process: the package reads TMPDIR, and changes of process.env under Jest do not reach it. */
async function runPackage(temporaryFolder: string): Promise<void> {
  const unpackIt = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', unpackIt], {
    cwd: root,
    env: {
      ...process.env,
      TMPDIR: temporaryFolder,
      NODE_OPTIONS: '',
      // With this runtime the package also unpacks its libraries.
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    },
  });
}

/** The fonts of the machine, if any, and those of the package. */
const fontsOfBoth = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${folder}/fonts/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`;
