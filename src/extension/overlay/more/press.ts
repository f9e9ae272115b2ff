import { type Asking, KEYS, UNSEEN } from '../overlay.ts';
import type { View } from '../view.ts';

/** Has it done if it was the person at the desk who pressed, and saw what they pressed; says so if not. */
export function press({ model, overlay, trust, sight }: View, event: MouseEvent, request: Asking): void {
  if (!event.isTrusted || trust.early(event)) return;
  if (!trust.byPerson(event)) {
    overlay.refuse(KEYS);
    return;
  }
  if (!sight?.saw(event)) overlay.refuse(UNSEEN);
  else if (overlay.model.record === model.record) void overlay.act(request);
}
