import { type Asking, KEYS, UNSEEN } from '../overlay.ts';
import type { View } from '../view.ts';

/** Has it done if it was the person at the desk who pressed, and saw what they pressed; says so if not. */
export async function press({ model, overlay, trust, sight }: View, event: MouseEvent, request: Asking): Promise<void> {
  if (!event.isTrusted || trust.early(event)) return;
  if (!trust.byPerson(event)) {
    overlay.refuse(KEYS);
    return;
  }
  const seen = sight?.saw(event) ?? false;
  if (seen !== true && !(await seen)) overlay.refuse(UNSEEN);
  else if (overlay.model.record === model.record) void overlay.act(request);
}
