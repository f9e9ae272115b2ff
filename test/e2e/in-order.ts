import { beforeEach } from 'vitest';

/**
 * Said in a file or a `describe` whose tests each begin with what the one before has brought about. Once one has failed, the
 * others are left out: they could only wait in vain, for a minute each, and hide what went wrong first.
 */
export function inOrder(): void {
  let failed: string | undefined;
  beforeEach(({ task, skip, onTestFailed }) => {
    if (failed !== undefined) skip(`begins where “${failed}” should have ended`);
    onTestFailed(() => {
      failed = task.name;
    });
  });
}
