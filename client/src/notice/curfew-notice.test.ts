/**
 * @jest-environment jsdom
 */
import { jest } from '@jest/globals';
import type { SessionState } from '../core/session-state.ts';
import type { SessionWatcher } from '../watcher.ts';
import './index.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 23, 14, 0);

// jsdom does not implement these.
Object.assign(globalThis, {
  CSSStyleSheet: class {
    replaceSync() {}
  },
  scrollBy() {},
});
for (const prototype of [Document.prototype, ShadowRoot.prototype])
  Object.defineProperty(prototype, ['ad', 'optedStyleSheets'].join(''), { value: [], writable: true });
HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true;
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
};

const QUIET = {
  warning: 'none',
  reason: null,
  expiresAt: null,
  canExtend: false,
  isDismissed: false,
  extending: 'no',
} as const;
const idle = (secondsLeft: number): Partial<SessionState> => ({
  ...QUIET,
  warning: secondsLeft <= 60 ? 'now' : 'soon',
  reason: 'IDLE',
  expiresAt: START + secondsLeft * 1000,
});
const absolute = (secondsLeft: number): Partial<SessionState> => ({
  ...idle(secondsLeft),
  reason: 'ABSOLUTE',
});
const POSSIBLE = { reauthentication: 'possible' } as const;

/** A watcher with a state and a clock that the test sets. */
function fakeWatcher() {
  let now = START;
  const listeners = new Set<() => void>();
  let state = {
    status: 'active',
    session: {
      idleExpiresAt: START + 60 * MINUTE,
      absoluteExpiresAt: START + 720 * MINUTE,
      absoluteMinutes: 720,
      idleWarningSeconds: 300,
      absoluteWarningSeconds: 300,
    },
    user: { name: 'Ana', email: 'ana@app.example' },
    reauthentication: 'impossible',
    ending: null,
    ...QUIET,
  } as SessionState;
  const calls = {
    start: jest.fn(),
    stop: jest.fn(),
    stay: jest.fn(async () => {}),
    signOut: jest.fn(async () => {}),
    reauthenticate: jest.fn(async () => {}),
  };
  const watcher = {
    ...calls,
    getState: () => state,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    now: () => now,
    toLocal: (moment: number) => new Date(moment),
    dismiss: () => change({ isDismissed: true }),
  } as unknown as SessionWatcher;
  function change(part: Partial<SessionState>): void {
    state = { ...state, ...part };
    for (const listener of listeners) listener();
  }
  return { watcher, listeners, change, setNow: (moment: number) => (now = moment), ...calls };
}

const settled = () => new Promise((done) => setTimeout(done));

async function show() {
  document.body.innerHTML = '<main id="main" tabindex="-1"><input></main>';
  const fake = fakeWatcher();
  const element = document.createElement('curfew-notice');
  const heard: string[] = [];
  for (const name of ['curfew-expired', 'curfew-revoked', 'curfew-extended', 'curfew-reauthenticate'])
    element.addEventListener(name, () => heard.push(name));
  element.watcher = fake.watcher;
  document.body.prepend(element);
  await settled();
  const root = element.shadowRoot!;
  return {
    ...fake,
    element,
    heard,
    field: document.querySelector('input')!,
    bar: () => root.querySelector<HTMLElement>('[role=status]')!,
    /** What screen readers were told last. */
    spoken: () => [...root.querySelectorAll('.spoken[role=status]')].at(-1)!.textContent,
    dialog: () => root.querySelector('dialog'),
    button: (name: string) =>
      [...root.querySelectorAll('button')].find(({ textContent }) => textContent === name)!,
  };
}

afterEach(async () => {
  document.body.replaceChildren();
  await settled();
});

test('the region exists before the bar; the bar takes no focus, and goes when the server has agreed', async () => {
  const { bar, change, field, button, stay, heard } = await show();
  expect(bar().childElementCount).toBe(0);
  field.focus();
  change(idle(299));
  expect(bar().textContent).toContain('because you’ve been inactive.');
  expect(document.activeElement).toBe(field);
  button('Stay signed in').click();
  change({ extending: 'yes' });
  button('One moment…').click();
  expect(stay).toHaveBeenCalledTimes(1);
  change({ extending: 'failed' });
  expect(bar().textContent).toMatch(/Couldn’t reach the server. You can try again until \d/);
  change(QUIET);
  expect(bar().childElementCount).toBe(0);
  expect(heard).toEqual(['curfew-extended']);
});

test('the focus returns to where it was when a focused bar goes', async () => {
  const { change, field, button } = await show();
  field.focus();
  change(idle(299));
  button('Stay signed in').focus();
  change(QUIET);
  expect(document.activeElement).toBe(field);
  change(idle(200));
  field.remove();
  button('Stay signed in').focus();
  change(QUIET);
  expect(document.activeElement?.id).toBe('main');
});

test('after a dialog that was opened from the bar the focus returns to where it was before the bar', async () => {
  const { element, change, field, button } = await show();
  const dialog = document.createElement('dialog');
  dialog.append(document.createElement('button'));
  document.body.append(dialog);
  element.addEventListener('curfew-reauthenticate', (event) => {
    event.preventDefault();
    dialog.querySelector('button')!.focus();
  });
  field.focus();
  change({ ...absolute(299), ...POSSIBLE });
  button('Confirm it’s you').focus();
  button('Confirm it’s you').click();
  change(QUIET);
  dialog.remove();
  dialog.dispatchEvent(new Event('close'));
  expect(document.activeElement).toBe(field);
});

test('Escape in the last minute stays signed in, and an end by the user is no event', async () => {
  const { change, dialog, stay, heard, bar } = await show();
  change(idle(47));
  expect(dialog()!.textContent).toContain('You’ll be signed out in 0:47.');
  const escape = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true });
  dialog()!.dispatchEvent(escape);
  expect(escape.defaultPrevented).toBe(true);
  expect(stay).toHaveBeenCalledTimes(1);
  change({ ...QUIET, status: 'over', ending: { kind: 'left' } });
  expect(dialog()).toBe(null);
  expect([heard, bar().childElementCount]).toEqual([[], 0]);
});

test('texts that come during a warning change in place; those of the page and of a translator do not hinder them', async () => {
  const { element, change, bar, dialog, button } = await show();
  change(idle(299));
  button('Stay signed in').focus();
  element.messages = { signOut: 'Tschüss' };
  element.lang = 'de';
  expect([bar().lang, bar().textContent]).toEqual(['en', expect.stringContaining('inactive')]);
  while (bar().lang !== 'de') await settled();
  expect(bar().textContent).toMatch(/^Sie werden um .+ abgemeldet, weil Sie inaktiv waren\./);
  expect(element.shadowRoot!.activeElement).toBe(button('Angemeldet bleiben'));
  expect([bar().lang, bar().getAttribute('aria-live')]).toEqual(['de', 'off']);

  const text = bar().querySelector('p')!;
  text.innerHTML = `<font><font>${text.textContent}</font></font>`;
  change(idle(47));
  expect(dialog()!.lang).toBe('de');
  expect(button('Tschüss')).toBeDefined();
  change({ extending: 'failed' });
  // Written again, as it has changed.
  change({ ...idle(170), expiresAt: START + 170 * 60_000 });
  expect([text.querySelector('font'), text.isConnected]).toEqual([null, true]);
});

test('what a page gives as a text and is none does not take the warning away', async () => {
  const { element, change, bar, spoken, button } = await show();
  element.messages = {
    idle: 5,
    absolute: () => 'x',
    minutesLeft: {},
    secondsLeft: { other: '{count} s' },
    tryAgainInMinutes: { one: 1, other: 'Later.' },
    limits: 'x',
    stay: '<b>Stay</b>',
    dismiss: null,
  } as never;
  change(idle(299));
  expect(bar().textContent).toContain('because you’ve been inactive.');
  expect(button('<b>Stay</b>')).toBeDefined();
  change({ ...absolute(41), isDismissed: false });
  expect(bar().textContent).toContain('Your session reaches its 12-hour limit');
  while (!spoken()) await settled();
  expect(spoken()).toBe('40 s');
});

test('while the session is unconfirmed nothing is shown', async () => {
  const { change, dialog, bar } = await show();
  change(idle(47));
  change({ status: 'unconfirmed' });
  expect([dialog(), bar().childElementCount]).toEqual([null, 0]);
});

test('a failed sign-out says so, and the user can try again', async () => {
  const { change, bar, button, signOut } = await show();
  change(absolute(299));
  expect(bar().textContent).toContain('12-hour limit');
  signOut.mockRejectedValueOnce(new Error('unreachable'));
  button('Sign in now').click();
  await settled();
  expect(bar().textContent).toContain('You’re still signed in. Try again.');
  button('Sign in now').click();
  expect(signOut).toHaveBeenCalledTimes(2);
});

test('the last minute before the idle limit can end with a sign-out, and a failed one says so', async () => {
  const { change, dialog, button, signOut } = await show();
  change(idle(47));
  signOut.mockRejectedValueOnce(new Error('unreachable'));
  button('Sign out now').click();
  await settled();
  expect(dialog()!.textContent).toContain('You’re still signed in. Try again.');
  button('Sign out now').click();
  expect(signOut).toHaveBeenCalledTimes(2);
});

test('where no one can confirm who they are, the last minute of the absolute limit asks nothing', async () => {
  const { change, bar, dialog, heard } = await show();
  change(absolute(59));
  expect(bar().textContent).toContain('It can’t be extended.');
  expect([dialog(), heard]).toEqual([null, []]);
});

test('screen readers hear the marks and the end of the warning, and not the countdown', async () => {
  const { change, bar, spoken, setNow } = await show();
  jest.useFakeTimers();
  try {
    const heardAt = (moment: number, state: Partial<SessionState>) => {
      setNow(moment);
      change(state);
      jest.advanceTimersByTime(200);
      return spoken();
    };
    expect(heardAt(START, idle(299))).toBe('You’ll be signed out in 5 minutes.');
    const hidden = bar().querySelector('[aria-hidden=true]')!;
    expect(hidden.textContent).toBe('4:59');
    expect(heardAt(START + 59_000, idle(299))).toBe('You’ll be signed out in 4 minutes.');
    expect(hidden.textContent).toBe('4:00');
    // The region of the dialog: the other is inert below it.
    expect(heardAt(START + 260_000, idle(299))).toBe('You’ll be signed out in 40 seconds.');
    expect(heardAt(START + 260_000, QUIET)).toBe('You’re still signed in.');
  } finally {
    jest.useRealTimers();
  }
});

test('in the background the title counts down; in front it is the page’s own', async () => {
  document.title = 'Account';
  const visibility = jest.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  const { change } = await show();
  change(idle(272));
  expect(document.title).toBe('(4:32) Session ends');
  visibility.mockReturnValue('visible');
  document.dispatchEvent(new Event('visibilitychange'));
  expect(document.title).toBe('Account');
  visibility.mockRestore();
});

test('in the last minute of the absolute limit the user is asked once, also after a dismissal', async () => {
  const { change, bar, button, dialog, heard } = await show();
  change({ ...absolute(61), ...POSSIBLE });
  button('Dismiss this notice').click();
  expect(bar().childElementCount).toBe(0);
  change({ ...absolute(60), isDismissed: true });
  expect(dialog()!.getAttribute('role')).toBe('alertdialog');
  button('Not now').click();
  change({ ...absolute(60), isDismissed: true });
  expect(dialog()).toBe(null);
  expect(heard.filter((name) => name === 'curfew-reauthenticate')).toHaveLength(1);
});

test('a page that prevents the event asks the user itself', async () => {
  const { element, change, button, dialog } = await show();
  element.addEventListener('curfew-reauthenticate', (event) => event.preventDefault());
  change({ ...absolute(299), ...POSSIBLE });
  button('Confirm it’s you').click();
  expect(dialog()).toBe(null);
});

test('a given watcher is followed while the element is in the page, and never started or stopped', async () => {
  const { element, listeners, start, stop, watcher } = await show();
  document.querySelector('main')!.append(element);
  await settled();
  expect(listeners.size).toBe(1);
  const other = fakeWatcher();
  element.watcher = other.watcher;
  await settled();
  expect([listeners.size, other.listeners.size]).toEqual([0, 1]);
  element.watcher = null;
  await settled();
  expect([other.listeners.size, element.watcher]).toEqual([0, null]);
  element.watcher = watcher;
  element.remove();
  await settled();
  expect([listeners.size, start.mock.calls, stop.mock.calls]).toEqual([0, [], []]);
});

test('two elements with one watcher show it once, and the second goes on when the first is gone', async () => {
  const { element, watcher, change, listeners } = await show();
  const second = document.createElement('curfew-notice');
  second.watcher = watcher;
  document.body.append(second);
  await settled();
  change(idle(299));
  expect(second.shadowRoot!.querySelector('button')).toBe(null);
  element.remove();
  await settled();
  expect(listeners.size).toBe(1);
  expect(second.shadowRoot!.querySelector('button')).not.toBe(null);
});

test('what a page did not set up is said in the console', async () => {
  const logged = jest.spyOn(console, 'error').mockImplementation(() => {});
  document.body.innerHTML = '<curfew-notice token-url="/token"></curfew-notice>';
  await settled();
  expect(String(logged.mock.calls)).toMatch(/curfew-url/);
  logged.mockRestore();
});

test.each([
  ['token-url', 'token-url="https://evil.example/token"'],
  ['reauthentication-url', 'token-url="/token" reauthentication-url="//evil.example/confirm"'],
  ['sign-out-url', 'token-url="/token" sign-out-url="javascript:alert(1)"'],
])('%s of another origin is refused', async (name, attributes) => {
  const logged = jest.spyOn(console, 'error').mockImplementation(() => {});
  document.body.innerHTML = `<curfew-notice curfew-url="https://curfew.example" ${attributes}></curfew-notice>`;
  await settled();
  expect(logged.mock.calls).toEqual([
    [expect.stringContaining(`${name} has to be at the origin of the page`)],
  ]);
  expect(document.querySelector('curfew-notice')!.watcher).toBe(null);
  logged.mockRestore();
});
