import type { Asking } from '../overlay.ts';
import type { View } from '../view.ts';

/** Has it done if it was the person at the desk who pressed, and says so if it was not. */
export function press({ overlay, trust }: View, event: MouseEvent, request: Asking): void {
  if (!event.isTrusted || trust.early(event)) return;
  if (trust.byPerson(event)) void overlay.act(request);
  else overlay.refuseKeys();
}
