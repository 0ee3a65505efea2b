import { createLogger } from '../../server/logger.ts';
import { openDatabase, type Database } from '../../server/database/orm.ts';
import { createTestDatabase, onPostgres } from '../databases.ts';
import { newFolder, secrets } from './processes.ts';

/** Where the commands and the server keep things: what they get to know of it, and how to throw it away. */
export interface Place {
  env: Record<string, string>;
  /** For a look at the rows, while no process holds them. */
  open(): Promise<Database>;
  remove(): Promise<void>;
}

/** The same stories on a folder and on PostgreSQL, each on a place of its own. */
export function onEachPlace(define: (place: () => Place) => void): void {
  const placed = (create: () => Promise<Place>) => (): void => {
    let place: Place;
    beforeEach(async () => {
      place = await create();
    });
    afterEach(() => place.remove());
    define(() => place);
  };
  describe('on a folder', placed(createFolder));
  onPostgres(placed(createDatabase));
}

const logger = createLogger('silent');

export async function createFolder(): Promise<Place> {
  const { path, remove } = await newFolder();
  return { env: { DATA_DIR: path }, open: () => openDatabase({ url: null, dataDir: path }, logger), remove };
}

export async function createDatabase(): Promise<Place> {
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
