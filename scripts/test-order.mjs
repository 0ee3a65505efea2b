import TestSequencer from '@jest/test-sequencer';
import { relative, resolve } from 'node:path';

// Plain JavaScript: the package declares its class for another kind of module than Node loads.

const ROOT = resolve(import.meta.dirname, '..');

/** Few lines that take minutes: they install and build applications. */
const LONG = /^test\/(?:clients|examples|mutants)\/|^test\/operations\/package\./;

/**
 * The order in which Jest starts the test files: the longest first, so that no worker ends long before the other. Jest knows
 * how long they take when it has run them before. In a fresh clone it goes by their sizes, which are misleading: the tests
 * beside the sources take a second, those of whole programs take many.
 */
export default class TestOrder extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted;
    return sorted.toSorted((one, other) => rank(one.path) - rank(other.path));
  }
}

function rank(path) {
  const place = relative(ROOT, path);
  if (LONG.test(place)) return 0;
  return place.startsWith('test/') ? 1 : 2;
}
