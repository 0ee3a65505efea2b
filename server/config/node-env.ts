const given = process.env.NODE_ENV;

// Libraries read it once, while they are loaded, which is before `.env` is read; unless it says production they check
// themselves in every call, GraphQL.js for half of its time. So this is the first import of the server.
process.env.NODE_ENV = 'production';

/** Puts back what the operator set: Curfew's own rules go by that. */
export function restoreNodeEnv(): void {
  if (given === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = given;
}
