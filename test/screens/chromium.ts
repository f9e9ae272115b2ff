import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';
import { ARGS, executablePath } from '../e2e/browser.ts';

/**
 * Fontconfig takes DejaVu for `system-ui` where no desktop says otherwise, which no desktop does: it is a fifth wider than
 * the fonts of Windows and macOS. Liberation Sans has the widths of Arial.
 */
function fonts(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'optbridge-fonts-')), 'fonts.conf');
  const alias = (family: string) =>
    `<match><test name="family"><string>${family}</string></test><edit name="family" mode="prepend" binding="strong"><string>Liberation Sans</string></edit></match>`;
  writeFileSync(
    file,
    `<?xml version="1.0"?><fontconfig><include>/etc/fonts/fonts.conf</include>${['system-ui', 'sans-serif'].map(alias).join('')}</fontconfig>`,
  );
  return file;
}

export const LOOK: LaunchOptions = {
  executablePath: executablePath(),
  env: { ...process.env, FONTCONFIG_FILE: fonts(), TZ: 'UTC' },
};

export function launch(): Promise<Browser> {
  return chromium.launch({ ...LOOK, args: [...ARGS, '--font-render-hinting=none'] });
}
