import { runProgram, withProgram } from './deploy-files.ts';

const UNIT = 'deploy/systemd/curfew.service';

withProgram('systemd-analyze', ['--version'], () => {
  test('systemd reads the unit without a warning', async () => {
    expect(await runProgram('systemd-analyze', ['verify', UNIT])).toEqual({ code: 0, output: '' });
  });

  test('systemd counts little that the unit leaves open', async () => {
    const args = ['security', '--no-pager', '--offline=true', '--threshold=20', UNIT];
    const { code, output } = await runProgram('systemd-analyze', args);
    expect(output).toMatch(/Overall exposure level/);
    expect(code).toBe(0);
  });
});
