import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Store } from '../store.ts';
import { contentsOf } from './contents.ts';
import { reportPage } from './page.ts';

/** A page has the name of its run, so that the names are in the order of the runs. */
const PAGE = /^(\d{8}T\d{6}Z-\w+)\.html$/;
/** The page of the last run once more, for a bookmark. */
const LATEST = 'latest.html';

/**
 * Writes the page of a run into the folder of the settings and takes away the oldest beyond those that are kept. Only
 * the user who runs OptBridge may read it: it has personal data in it.
 * @returns the file; null when no folder is set
 * @throws the file system's error
 */
export function writePage(store: Store, run: string, config: Config): string | null {
  const { dir, keep } = config.report;
  if (dir === null) return null;
  const contents = contentsOf(store, run, config);
  if (!contents) return null;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const page = reportPage(contents);
  const file = join(dir, `${run}.html`);
  replace(file, page);
  replace(join(dir, LATEST), page);
  const pages = readdirSync(dir).filter((name) => PAGE.test(name));
  for (const name of pages.sort().slice(0, Math.max(0, pages.length - keep))) rmSync(join(dir, name));
  return file;
}

/** Makes again, from what the store says now, every page that holds one of these words. */
export function rewritePages(store: Store, config: Config, words: readonly string[]): number {
  const { dir } = config.report;
  if (dir === null) return 0;
  let rewritten = 0;
  for (const name of pagesIn(dir)) {
    const file = join(dir, name);
    const text = readFileSync(file, 'utf8').toLowerCase();
    if (!words.some((word) => text.includes(word.toLowerCase()))) continue;
    const run =
      PAGE.exec(name)?.[1] ?? /<p>OptBridge · [^<]* · run <code>([^<]+)<\/code>/.exec(readFileSync(file, 'utf8'))?.[1];
    const contents = run === undefined ? null : contentsOf(store, run, config);
    if (contents) replace(file, reportPage(contents));
    else rmSync(file);
    rewritten += 1;
  }
  return rewritten;
}

function pagesIn(dir: string): string[] {
  try {
    return readdirSync(dir).filter((name) => PAGE.test(name) || name === LATEST);
  } catch {
    return [];
  }
}

/** Whoever reads the file meanwhile sees the old page or the new one, never half of one. */
function replace(file: string, text: string): void {
  const draft = `${file}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
