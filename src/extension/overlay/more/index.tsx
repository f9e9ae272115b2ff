import { render } from 'preact';
import { Body } from './body.tsx';
import { createCommand } from './command.ts';
import { onKey } from './keys.ts';
import css from './more.css?inline';
import { createSight } from './sight.ts';
import { dragged } from './where.tsx';

const hook = globalThis.optbridge;
// Injected twice, the first one stays.
hook?.onMore?.(({ host, overlay, trust, placing }) => {
  const sight = createSight(placing);
  hook.onPress = sight.note;
  placing.grab = dragged(overlay, placing, host);
  return {
    fill: (body, view) => render(view && <Body {...view} />, body),
    sight,
    onKey,
    ...createCommand(host, overlay, trust),
  };
}, css);
