import type { OverlayState } from '../messages.ts';
import { background } from './background.ts';
import { faceOf } from './face.ts';
import { inFirstFrame } from './first-frame.ts';
import { createFrame } from './frame.ts';
import { attachHost, dress } from './host.ts';
import { createOverlay, type Model } from './overlay.ts';
import { createPlacing } from './place.ts';
import { followTheme } from './theme.ts';
import { createTrust } from './trust.ts';
import type { More } from './view.ts';
import { createWords } from './words.ts';

/** Lightning names in the address of a request what it asks for: this one saves a record that is edited in the page. */
const SAVE = /\.(update|save)Record=/;

const hook = globalThis.optbridge;
// Injected twice, or without the detector: the first one stays, and without the guard there is no overlay.
if (hook && Object.hasOwn(globalThis, 'optbridge') && !hook.onRecord) start(hook);

function start(hook: NonNullable<typeof globalThis.optbridge>): void {
  const { host, root } = attachHost();
  const { mount } = host;
  const words = createWords((name, parts) => hook.texts?.[name] ?? chrome.i18n.getMessage(name, parts), navigator);
  mount.lang = words.language;
  // The page's direction is that of the page's language, which need not be one that the texts are in.
  mount.dir = 'ltr';
  const trust = createTrust(root);
  const theme = followTheme(host.element, mount);
  const panel = (): HTMLElement | null => root.querySelector('.panel');
  const pill = (): HTMLElement | null => root.querySelector('.pill');
  const placing = createPlacing(host, hook.place ?? { at: null, hidden: false });

  let more: More = {};
  let said: OverlayState | undefined;
  const draw = (model: Model, before: Model): void => {
    const face = faceOf(model, words);
    host.show(
      model.status?.record ?? model.record,
      face.state,
      !!model.record && (model.open || !placing.place.hidden),
    );
    const focused = root.activeElement;
    show({ ...parts, ...more, model, face });
    if (model.open !== before.open) placing.hold(model.open);
    // Into the panel when it opens, back to the pill when it closes, and on when what had the focus is gone.
    const lost = focused && !root.activeElement;
    if (model.open ? lost || !before.open : lost)
      trust.moveTo((model.open ? panel() : more.back?.()) ?? pill() ?? mount);
    clock(model);
    if (model.open) overlay.look();
    const turned = !said || model.record !== before.record || model.open !== before.open;
    if (!turned && face.state === said) return;
    said = face.state;
    // The page may have changed its theme or its controls since. Nothing moves under the hand of whoever reads.
    if (turned) theme();
    if (!model.open) placing.look(model.record !== before.record);
  };

  /** The first frame is drawn with what is known by then, and once. */
  let begun = false;
  inFirstFrame(() => {
    if (begun) return;
    begun = true;
    draw(overlay.model, overlay.model);
  });
  const overlay = createOverlay({
    background,
    now: Date.now,
    later(task, milliseconds) {
      const timer = setTimeout(task, milliseconds);
      return () => clearTimeout(timer);
    },
    changed(model, before) {
      if (!begun && !model.open) return;
      begun = true;
      draw(model, before);
    },
  });

  const parts = { host: host.element, overlay, trust, placing, words };
  const show = createFrame(root, mount, parts);

  let ticking: ReturnType<typeof setInterval> | undefined;
  /** Seconds are only counted while somebody can see them. */
  function clock({ open, record, status }: Model): void {
    const running = open || status?.pending?.retryAt || status?.problem?.retryAt;
    if (running && record && !document.hidden) ticking ??= setInterval(overlay.tick, 1000);
    else ticking = void clearInterval(ticking);
  }

  background.listen((push) => {
    if (push.kind === 'status') overlay.take(push.status);
    else if (push.kind === 'place') {
      placing.set(push.place);
      overlay.tick();
    } else more.come?.();
  });
  addEventListener('focus', overlay.comeBack);
  // The network was away, or the machine asleep.
  addEventListener('online', () => void overlay.read(false));
  document.addEventListener('visibilitychange', () => {
    theme();
    clock(overlay.model);
    if (!document.hidden) void overlay.read(false);
  });
  hook.host = host.element;
  hook.onKey = (event) => {
    const open = panel();
    if (event.type !== 'keydown' || !event.isTrusted || more.onKey?.(event, open, trust, placing)) return;
    if (!open || event.key !== 'Escape') return;
    event.preventDefault();
    overlay.turn(false);
  };
  hook.onMore = (make, css) => {
    hook.onMore = undefined;
    dress(root, css);
    more = make(parts);
    // What comes under the pointer now was not there when the click was begun.
    trust.opens(performance.now());
    overlay.tick();
  };
  /** The page has saved a record since the last reading. */
  let saved = false;
  const readSaved = (): void => {
    if (!hook.record) return;
    saved = false;
    void overlay.read(true);
  };
  const requests = new PerformanceObserver((list) => {
    saved ||= list.getEntries().some(({ name }) => SAVE.test(name));
    if (saved) readSaved();
  });
  // Not while the page loads, which is when most is asked for: what was saved by then is told of afterwards.
  const watch = (): void =>
    void requestIdleCallback(() => requests.observe({ type: 'resource', buffered: true }), { timeout: 2_000 });
  if (document.readyState === 'complete') watch();
  else addEventListener('load', watch, { once: true });
  hook.onRecord = () => {
    overlay.show(hook.record);
    // The page's own edit dialog has an address of its own.
    if (saved) readSaved();
    if (!hook.record) void background.ask({ kind: 'left' });
  };
  overlay.show(hook.record);
}
