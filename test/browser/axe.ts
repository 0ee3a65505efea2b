import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

declare const axe: { run(options: RunOptions): Promise<AxeResults> };

const source = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const OPTIONS: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
};

/** Until the next frame, a transition of any length still shows the value from before: the colours of the other scheme. */
const endTransitions = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const isMoving = () =>
      document
        .getAnimations()
        .some((animation) => animation instanceof CSSTransition && animation.playState === 'running');
    do await new Promise(requestAnimationFrame);
    while (isMoving());
  });

/** Expects no axe findings of any impact on the current page. */
export async function expectNoAxeFindings(page: Page): Promise<void> {
  // Evaluated instead of added as an element, which the content security policy would block.
  await page.evaluate(await source);
  await endTransitions(page);
  const { violations } = await page.evaluate((options) => axe.run(options), OPTIONS);
  const findings = violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${impact} ${id}: ${help}\n  ${html}\n  ${failureSummary}`),
  );
  expect(findings).toEqual([]);
}
