import { createLogger } from '../../server/logger.ts';
import type { Database } from '../../server/database/database.ts';
import { openDatabase } from '../../server/open-database.ts';
import { createTestDatabase, onPostgres } from '../databases.ts';
import { newFolder, secrets } from './processes.ts';

/** Where commands and server keep their data: its settings, and how to remove it. */
export interface DataLocation {
  env: Record<string, string>;
  /** Opens the database, while no process holds it. */
  open(): Promise<Database>;
  remove(): Promise<void>;
}

/** Runs the same tests on a folder and on PostgreSQL, each with its own location. */
export function onEachDataLocation(define: (location: () => DataLocation) => void): void {
  const withLocation = (create: () => Promise<DataLocation>) => (): void => {
    let location: DataLocation;
    beforeEach(async () => {
      location = await create();
    });
    afterEach(() => location.remove());
    define(() => location);
  };
  describe('on a folder', withLocation(createFolder));
  onPostgres(withLocation(createDatabase));
}

const logger = createLogger('silent');

export async function createFolder(): Promise<DataLocation> {
  const { path, remove } = await newFolder();
  return { env: { DATA_DIR: path }, open: () => openDatabase({ url: null, dataDir: path }, logger), remove };
}

export async function createDatabase(): Promise<DataLocation> {
  const database = await createTestDatabase('postgresql');
  const { path, remove } = await newFolder({ isEmpty: true });
  return {
    env: { DATABASE_URL: database.url!, DATA_DIR: path, ...secrets() },
    open: () => database.open(),
    async remove() {
      await database.drop();
      await remove();
    },
  };
}
