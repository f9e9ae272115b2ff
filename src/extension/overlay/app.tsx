import { Panel } from './panel.tsx';
import { Pill } from './pill.tsx';
import { refusal } from './refusal.ts';
import type { View } from './view.ts';

/** The whole overlay. The live region is there before anything is said, or it would not be read out. */
export function App(view: View) {
  return (
    <>
      <Pill {...view} />
      {view.model.open && <Panel {...view} />}
      <div class="unseen" role="status">
        {spoken(view)}
      </div>
    </>
  );
}

/** What a screen reader says of a change: never the seconds, and nothing while it is only reading. */
function spoken(view: View): string {
  const { model, face, words } = view;
  if (!model.record || face.state === 'loading') return '';
  const name = model.status?.name;
  return refusal(view) || words.join(words.say('with_detail', name ?? words.say('label'), face.label), face.detail);
}
