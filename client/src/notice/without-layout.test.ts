/**
 * @jest-environment jsdom
 */
import { createSessionWatcher } from './index.ts';

// As in the tests of an application: jsdom knows no style sheets that are made by script.

test('where there is no layout, a page with the element neither fails nor reports an error', async () => {
  const errors: unknown[] = [];
  addEventListener('error', ({ error }) => errors.push(error));
  const notice = document.createElement('curfew-notice');
  notice.watcher = createSessionWatcher({ url: 'https://curfew.example/graphql' });
  document.body.append(notice);
  await Promise.resolve();
  expect(notice.shadowRoot?.querySelector('[role=status]')).not.toBe(null);
  notice.remove();
  await Promise.resolve();
  expect(errors).toEqual([]);
});
