import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import { createTestDatabase, onPostgres } from '../../test/databases.ts';

onPostgres(() => {
  test('a database closes while connections to it are being made, after whoever asked has been answered', async () => {
    const testDatabase = await createTestDatabase('postgresql');
    const database = await testDatabase.open();
    const ask = () => sql`select 1`.execute(database.em().getKysely());
    await ask();
    const asked = Promise.allSettled(Array.from({ length: 10 }, ask));
    await nextTurn();
    await database.close();
    expect((await asked).map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 'fulfilled'));
    await testDatabase.drop();
  });
});
