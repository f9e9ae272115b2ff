import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/**
 * `fast` needs no browser; `e2e` drives the built extension in a real Chromium, once the other is done. Two files are at
 * work at a time, for two cores: much of what a file of `e2e` takes is waiting. The files of `fast` share the modules that
 * they import, which saves more than half of its time, and so may leave nothing behind in them. `--mode long` takes those
 * files alone that have a long version (test/long.ts).
 */
export default defineConfig(({ mode }) => {
  const files = globSync('test/**/*.test.ts').filter(
    (file) => mode !== 'long' || /from '[./]+\/long\.ts'/.test(readFileSync(file, 'utf8')),
  );
  const isE2e = (file: string) => file.startsWith('test/e2e/');
  return {
    test: {
      reporters: ['default'],
      passWithNoTests: mode === 'long',
      projects: [
        {
          test: {
            name: 'fast',
            include: files.filter((file) => !isE2e(file)),
            testTimeout: mode === 'long' ? 3_600_000 : 60_000,
            hookTimeout: 60_000,
            isolate: false,
            maxWorkers: 2,
            sequence: { groupOrder: 0 },
          },
        },
        {
          test: {
            name: 'e2e',
            include: files.filter(isE2e),
            testTimeout: 120_000,
            hookTimeout: 120_000,
            maxWorkers: 2,
            sequence: { groupOrder: 1 },
          },
        },
      ],
    },
  };
});
