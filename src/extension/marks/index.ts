import { type Answer, MARKS_PER_MESSAGE, type Mark, type Marks, type TabRequest } from '../messages.ts';
import { createLayer, type Layer } from './layer.ts';
import { addressesOn, type Found } from './rows.ts';
import { saysOf } from './says.ts';

/** Lists come late after a navigation or a click, and nothing tells when: these long after it, they are looked for. */
const LOOKS = [0, 200, 500, 1_000, 2_000, 4_000, 8_000];
/** An address is asked about again after this long, in milliseconds; the background has a cache of its own. */
const ASK_AGAIN = 60_000;
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
  const known = new Map<string, { readonly mark: Mark | undefined; readonly at: number }>();
  let problem: Marks['problem'] = null;
  let found: readonly Found[] = [];
  let timers: ReturnType<typeof setTimeout>[] = [];
  let asking = false;

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
      const said = known.get(address);
      if (!said) return undefined;
      const { sign, key } = saysOf(said.mark, problem);
      return { sign, says: text(key) };
    });

  async function ask(): Promise<void> {
    const due = (address: string) => Date.now() - (known.get(address)?.at ?? 0) > ASK_AGAIN;
    const addresses = [...new Set(found.map(({ address }) => address))].filter(due).slice(0, MARKS_PER_MESSAGE);
    if (asking || addresses.length === 0) return;
    asking = true;
    try {
      const request: TabRequest = { kind: 'marks', addresses };
      const answer: Answer | undefined = await chrome.runtime.sendMessage(request);
      const marks = answer?.ok ? answer.marks : undefined;
      problem = marks?.problem ?? null;
      // A refusal too is an answer: it is asked again when this one is old.
      for (const address of addresses) known.set(address, { mark: marks?.marks[address], at: Date.now() });
    } catch {
      if (!chrome.runtime?.id) return end();
    } finally {
      asking = false;
    }
    draw();
    void ask();
  }

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
    void ask();
  };

  const scrolled = (): void => later(layer.place);
  let waiting = false;
  /** Once before the next frame, however often it is asked for. */
  function later(work: () => void): void {
    if (waiting && work === layer.place) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      work();
    });
  }

  const search = (): void => {
    timers.forEach(clearTimeout);
    timers = LOOKS.map((ms) => setTimeout(look, ms));
  };
  /** After a navigation everybody is asked about anew: somebody may have been opted out on the page before. */
  hook.onMove = () => {
    known.clear();
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
