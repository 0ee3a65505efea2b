import { seedsOf, sized, timeLimit } from '../size.ts';
import { createInstallation, type Installation } from './installation.ts';
import { runModel } from './run.ts';

let installation: Installation;
beforeAll(async () => {
  installation = await createInstallation('embedded', 1);
});
afterAll(() => installation.close());

test.each(seedsOf([20261128]))(
  'on the embedded database every answer, row and event follows the contract, too (seed %i)',
  (seed) => runModel('model, embedded', installation, { runs: sized(60, 2_000), seed }),
  timeLimit,
);
