#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type RawData, WebSocket, WebSocketServer } from 'ws';

// Started by Playwright in place of Firefox. It starts Firefox with the same arguments and passes WebDriver BiDi on. The
// Firefox of Debian knows no emulated media features, which Playwright sets in every new context: that command is
// answered here, without effect.

const IGNORED = 'emulation.setMediaFeaturesOverride';
const PARENT_CHECK_MS = 1_000;
const LISTENING = /WebDriver BiDi listening on (ws:\/\/\S+)/;

const firefox = spawn(process.env.TEST_FIREFOX!, process.argv.slice(2), {
  stdio: ['ignore', 'inherit', 'pipe'],
});
firefox.on('exit', (code) => process.exit(code ?? 1));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => firefox.kill(signal));
// However this process ends, and when the test that started it was ended: no Firefox is left behind.
process.on('exit', () => firefox.kill('SIGKILL'));
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, PARENT_CHECK_MS).unref();
createInterface(firefox.stderr).on('line', (line) => {
  const url = LISTENING.exec(line)?.[1];
  if (url === undefined) say(line);
  else relay(url);
});

/** Where Playwright reads the address. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function relay(url: string): void {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 }, () => {
    const { port } = server.address() as { port: number };
    say(`WebDriver BiDi listening on ws://127.0.0.1:${port}`);
  });
  server.on('connection', (playwright, { url: path = '' }) => {
    const browser = new WebSocket(url + path);
    const early: string[] = [];
    browser.on('open', () => early.splice(0).forEach((text) => browser.send(text)));
    playwright.on('message', (data: RawData) => {
      const text = String(data);
      const { id, method } = JSON.parse(text) as { id: number; method: string };
      if (method === IGNORED) playwright.send(JSON.stringify({ type: 'success', id, result: {} }));
      else if (browser.readyState === WebSocket.OPEN) browser.send(text);
      else early.push(text);
    });
    browser.on('message', (data: RawData) => playwright.send(String(data)));
    browser.on('close', () => playwright.close());
    browser.on('error', () => playwright.close());
    playwright.on('close', () => browser.close());
  });
}
