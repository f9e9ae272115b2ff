import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Days and numbers are written as the machine's settings say, and browsers speak its language: in the tests it is the same everywhere. */
Object.assign(process.env, { TZ: 'UTC', LC_ALL: 'en_US.UTF-8', LANGUAGE: 'en_US' });

/**
 * `fast` needs no browser; `e2e` drives the built extension in a real Chromium, once the other is done. Two files are at
 * work at a time, for two cores: much of what a file of `e2e` takes is waiting. The files of `fast` share the modules that
 * they import, which saves more than half of its time, and so may leave nothing behind in them. The times after which a test
 * is given up are for what hangs: many times what any takes where others have the processors. `--mode long` takes those files
 * alone that have a long version: that import test/long.ts, or a helper that does.
 */
export default defineConfig(({ mode }) => {
  const all = globSync('test/**/*.ts');
  const importing = (names: readonly string[], from: readonly string[]) =>
    from.filter((file) => {
      const text = readFileSync(file, 'utf8');
      return names.some((name) => text.includes(`/${name}';`));
    });
  const isTest = (file: string) => file.endsWith('.test.ts');
  const tests = all.filter(isTest);
  const long = () => {
    const helpers = importing(['long.ts'], all).filter((file) => !isTest(file));
    return importing(['long.ts', ...helpers.map((file) => basename(file))], tests);
  };
  const files = mode === 'long' ? long() : tests;
  const isE2e = (file: string) => file.startsWith('test/e2e/');
  return {
    test: {
      reporters: ['default'],
      passWithNoTests: mode === 'long',
      projects: [
        {
          test: {
            name: 'fast',
            setupFiles: ['test/same-chance.ts'],
            include: files.filter((file) => !isE2e(file)),
            testTimeout: mode === 'long' ? 3_600_000 : 180_000,
            hookTimeout: 180_000,
            isolate: false,
            maxWorkers: 2,
            sequence: { groupOrder: 0 },
          },
        },
        {
          test: {
            name: 'e2e',
            include: files.filter(isE2e),
            testTimeout: 300_000,
            hookTimeout: 300_000,
            maxWorkers: 2,
            sequence: { groupOrder: 1 },
          },
        },
      ],
    },
  };
});
