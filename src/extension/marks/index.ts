import type { Answer, TabRequest } from '../messages.ts';
import { createAsking } from './asking.ts';
import { createLayer, type Layer } from './layer.ts';
import { addressesOn, type Found } from './rows.ts';
import { saysOf } from './says.ts';

/** Lists come late after a navigation or a click, and nothing tells when: these long after it, they are looked for. */
const LOOKS = [0, 200, 500, 1_000, 2_000, 4_000, 8_000];
/** What moves without an event (a late banner, an animation) is followed this often. */
const FOLLOW = 1_000;

const hook = globalThis.optbridge;
// Injected twice, or without the detector: the first one stays.
if (hook && Object.hasOwn(globalThis, 'optbridge') && !hook.onMove) start(hook);

function start(hook: NonNullable<typeof globalThis.optbridge>): void {
  const over = new AbortController();
  const { signal } = over;
  const text = (key: string, ...parts: string[]) => chrome.i18n.getMessage(key, parts);
  const layer: Layer = createLayer(text('marks_region'), (address, says) => text('marks_of', address, says), signal);
  let found: readonly Found[] = [];
  let timers: ReturnType<typeof setTimeout>[] = [];

  /** The extension was updated or removed: what this script shows would never change again. */
  const end = (): void => {
    over.abort();
    timers.forEach(clearTimeout);
    clearInterval(following);
    watch.disconnect();
    layer.remove();
  };

  const draw = (): void =>
    layer.draw(found, ({ address }) => {
      const said = asking.known(address);
      if (!said) return undefined;
      const { sign, key } = saysOf(said.mark, asking.problem);
      return { sign, says: text(key) };
    });

  const asking = createAsking({
    send: async (addresses) => {
      const request: TabRequest = { kind: 'marks', addresses };
      const answer: Answer | undefined = await chrome.runtime.sendMessage(request);
      return answer?.ok ? answer.marks : undefined;
    },
    changed: draw,
    failed: () => {
      const here = !!chrome.runtime?.id;
      if (!here) end();
      return here;
    },
    now: Date.now,
    later: (ms, work) => void setTimeout(() => signal.aborted || work(), ms),
  });
  const ask = () => asking.about(found.map(({ address }) => address));

  const watched = new WeakSet<Node>();
  /** Rows that come, go and change while a list is shown: its body is watched, and nothing else of the page. */
  const watch = new MutationObserver(() => later(look));
  const look = (): void => {
    found = addressesOn(document);
    for (const { row, text } of found) {
      // What scrolls inside a shadow root is told in there alone.
      for (let root = text.getRootNode(); root instanceof ShadowRoot; root = root.host.getRootNode())
        root.addEventListener('scroll', scrolled, { capture: true, passive: true, signal });
      const body = row.parentNode;
      if (!body || watched.has(body)) continue;
      watched.add(body);
      watch.observe(body, { childList: true, subtree: true, characterData: true });
    }
    draw();
    ask();
  };

  const scrolled = (): void => later(layer.place);
  let next: (() => void) | undefined;
  /** Once before the next frame, however often it is asked for. Whoever looks also places. */
  function later(work: () => void): void {
    if (!next)
      requestAnimationFrame(() => {
        const now = next;
        next = undefined;
        now?.();
      });
    if (next !== look) next = work;
  }

  const search = (): void => {
    timers.forEach(clearTimeout);
    timers = LOOKS.map((ms) => setTimeout(look, ms));
  };
  /** After a navigation everybody is asked about anew: somebody may have been opted out on the page before. */
  hook.onMove = () => {
    asking.forget();
    search();
  };
  // A tab or a sort turns without a navigation. Only looked at: nothing is acted on.
  for (const type of ['click', 'keyup']) document.addEventListener(type, search, { capture: true, signal });
  for (const type of ['scroll', 'resize', 'transitionend'])
    addEventListener(type, scrolled, { capture: true, passive: true, signal });
  const following = setInterval(() => {
    if (!chrome.runtime?.id) end();
    else if (!document.hidden && found.length > 0) layer.place();
  }, FOLLOW);
  search();
}
