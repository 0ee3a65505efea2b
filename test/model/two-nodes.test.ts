import { onPostgres } from '../databases.ts';
import { sized, seedsOf, timeLimit } from '../size.ts';
import { createInstallation, type Installation } from './installation.ts';
import { runModel } from './run.ts';

// 20,000 runs: `TEST_SIZE=full npm test -- test/model`; one seed once more: `SEED=1 npm test -- test/model/two`.

onPostgres(() => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await createInstallation('postgresql', 2);
  });
  afterAll(() => installation.close());

  test.each(seedsOf([20261128]))(
    'for any commands in any order at two nodes, every answer, row and event follows the contract (seed %i)',
    (seed) => runModel('model, two nodes', installation, { runs: sized(150, 20_000), seed }),
    timeLimit,
  );
});
