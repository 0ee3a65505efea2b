// In place of `index.ts` where an edge runtime is bundled for (`edge-light` in package.json), which has neither sockets nor
// Node's modules. It exports the same functions, because a bundler complains about one that is missing instead.

const refuse = (): never => {
  throw new Error(
    '@curfew/client/server needs Node.js, and this is an edge runtime. In Next.js, rename middleware.ts to proxy.ts, and leave "runtime = \'edge\'" out of routes.',
  );
};

export const connectCurfew = refuse;
export const deviceOf = refuse;
export const requireSession = refuse;
export const tokenOfCookie = refuse;
export const tokenOfHeaders = refuse;
export class CurfewError extends Error {}
