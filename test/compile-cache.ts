const { NODE_COMPILE_CACHE } = process.env;

/** For the environment of a program that a test starts: it finds the compiled sources of those before (`npm test`). */
export const COMPILE_CACHE: Record<string, string> =
  NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
