// What runs inside a page of Firefox. Each function is sent as its text, so it uses nothing from outside of itself.

declare global {
  interface Window {
    passTime(milliseconds: number): void;
  }
}

export interface Found {
  /** The middle, in pixels of the viewport. */
  x: number;
  y: number;
  text: string;
  hasFocus: boolean;
}

/** The first shown element that matches and whose text contains `text`, in open shadow roots too. */
export function find(css: string, text: string, isWanted: boolean): Found | null {
  function rootsIn(root: Document | ShadowRoot): (Document | ShadowRoot)[] {
    const inside = [...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ?? []);
    return [root, ...inside.flatMap(rootsIn)];
  }
  for (const root of rootsIn(document)) {
    for (const element of root.querySelectorAll(css)) {
      if (!element.checkVisibility({ visibilityProperty: true })) continue;
      if (!(element.textContent ?? '').includes(text)) continue;
      if (isWanted) element.scrollIntoView({ block: 'nearest', behavior: 'instant' });
      const { left, top, width, height } = element.getBoundingClientRect();
      return {
        x: Math.round(left + width / 2),
        y: Math.round(top + height / 2),
        text: element.textContent ?? '',
        hasFocus: root.activeElement === element,
      };
    }
  }
  return null;
}

/**
 * Runs before the scripts of a page and gives it a clock that a test can move: `passTime`. Timers that are due then run
 * at once, each one time, as after a computer has slept.
 */
export function installClock(alreadyPassed: number): void {
  let passed = alreadyPassed;
  const realDate = Date;
  const realNow = performance.now.bind(performance);
  const realSetTimeout = window.setTimeout.bind(window);
  const realClearTimeout = window.clearTimeout.bind(window);
  const now = () => realNow() + passed;
  window.Date = class extends realDate {
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [realDate.now() + passed] : given) as [number]));
    }
    static override now = () => realDate.now() + passed;
  } as DateConstructor;
  performance.now = now;

  interface Timer {
    due: number;
    real: number;
    run(): void;
  }
  const timers = new Map<number, Timer>();
  let last = 0;

  function start(handler: (...given: unknown[]) => void, milliseconds: number, isRepeated: boolean): number {
    const id = (last += 1);
    const wait = Math.max(0, Number(milliseconds) || 0);
    function schedule(): void {
      const run = (): void => {
        timers.delete(id);
        realClearTimeout(timer.real);
        // Before the handler, which may clear it.
        if (isRepeated) schedule();
        handler();
      };
      const timer: Timer = { due: now() + wait, real: realSetTimeout(run, wait), run };
      timers.set(id, timer);
    }
    schedule();
    return id;
  }
  function stop(id: number | undefined): void {
    const timer = timers.get(id!);
    if (timer) realClearTimeout(timer.real);
    timers.delete(id!);
  }
  type Handler = (...given: unknown[]) => void;
  const fake = {
    setTimeout: (handler: Handler, milliseconds = 0, ...given: unknown[]) =>
      start(() => handler(...given), milliseconds, false),
    setInterval: (handler: Handler, milliseconds = 0, ...given: unknown[]) =>
      start(() => handler(...given), milliseconds, true),
    clearTimeout: stop,
    clearInterval: stop,
  };
  Object.assign(window, fake);

  window.passTime = (milliseconds) => {
    passed += milliseconds;
    const due = [...timers].filter(([, timer]) => timer.due <= now());
    for (const [id, timer] of due.toSorted(([, one], [, other]) => one.due - other.due))
      if (timers.get(id) === timer) timer.run();
    // What is not due yet is so the earlier.
    for (const timer of timers.values()) {
      realClearTimeout(timer.real);
      timer.real = realSetTimeout(timer.run, Math.max(0, timer.due - now()));
    }
  };
}
