import type { About } from '../../messages.ts';

/** Whether this row is as it is by the latest act in this browser. */
export function isMine(about: About | null, id: string): boolean {
  return about?.act?.stands === true && about.act.changed.includes(id);
}
