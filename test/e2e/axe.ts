import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe says of the overlay. */
export interface Checked {
  /** Rule and element of everything that is wrong. */
  readonly wrong: readonly string[];
  /** How many rules had something to look at: a run without any would be a false green (facts/extension.md). */
  readonly passed: number;
}

type WithAxe = typeof globalThis & { axe?: { run(context: string): Promise<AxeResults> } };

/**
 * Runs axe over the overlay's open shadow root. The source is evaluated: Trusted Types forbid a script tag. Axe measures
 * contrast only inside the body, so the host is moved there while it looks.
 */
export async function checkOverlay(page: Page): Promise<Checked> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  const results = await page.evaluate(async () => {
    const host = document.querySelector('optbridge-overlay');
    const { axe } = globalThis as WithAxe;
    if (!host || !axe) throw new Error('no overlay, or no axe');
    document.body.append(host);
    const results = await axe.run('optbridge-overlay');
    document.documentElement.append(host);
    return results;
  });
  const unsure = results.incomplete.filter((rule) => rule.id === 'color-contrast');
  return {
    wrong: [...results.violations, ...unsure].flatMap((rule) =>
      rule.nodes.map((node) => `${rule.id}: ${node.html} ${node.failureSummary ?? ''}`),
    ),
    passed: results.passes.length,
  };
}
