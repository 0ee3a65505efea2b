/** Every field is unchecked: an error may come from any library. */
export interface ErrorLink {
  code?: unknown;
  name?: unknown;
  message?: unknown;
  status?: unknown;
  claim?: unknown;
  cause?: unknown;
}

/** Yields the error, its `cause`, the cause of that, and so on. Yields nothing for a value that is no object. */
export function* errorChain(error: unknown): Generator<ErrorLink> {
  for (let current = error; typeof current === 'object' && current !== null;) {
    yield current;
    current = (current as ErrorLink).cause;
  }
}
