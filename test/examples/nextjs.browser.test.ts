import { describeBuiltExample, testLines } from './built-example.ts';

const routes = ['session-access-token', 'sign-out'].map((name) => `app/${name}/route.ts`);
testLines('nextjs', ['curfew.ts', 'app/sign-in/actions.ts', ...routes], 'app/page.tsx');

await describeBuiltExample('nextjs', {
  args: ['node_modules/next/dist/bin/next', 'start', '--hostname', '127.0.0.1'],
});
