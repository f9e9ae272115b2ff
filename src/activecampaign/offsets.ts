import type { AcContactPage } from './activecampaign.ts';
import { PAGE } from './contact-page.ts';
import { sideBySide } from './ranges.ts';

/**
 * The pages after the first by their place and not by the last id, so that none waits for the one before. Rows move up
 * when somebody who comes before them matches no more, and would be passed over: so each page begins with the last contact
 * of the page before, and where it does not, what lies between is read by id.
 */

/** Further away an account gets slow (facts/activecampaign.md section 2); from there on one page waits for the other. */
const FARTHEST = 50_000;
const STEP = PAGE - 1;

/** How pages are asked for. */
interface Asked {
  /** The first page, with how many match in all; it may still be on its way. */
  readonly first: AcContactPage | Promise<AcContactPage | undefined>;
  /** How many will match, as far as it is known before: so many need not wait for the first page. */
  readonly expected: number;
  readonly abreast: number;
  /** The page that begins at a place. */
  readonly at: (place: number) => Promise<AcContactPage>;
  /** One page after another, of those with higher ids, up to and with `upTo`. */
  readonly after: (id: string, upTo?: string) => AsyncGenerator<AcContactPage>;
}

/** What a page reached over. */
interface Reach {
  readonly from: bigint;
  readonly to: bigint;
  /** Somebody may come after it. */
  readonly full: boolean;
}

/** Everybody who matches and is not on the first page; somebody may come twice. In no order. */
export async function* restByOffset({ first, expected, abreast, at, after }: Asked): AsyncGenerator<AcContactPage> {
  const reached = new Map<number, Reach>();
  const early = placesOf(expected);
  let places = early;
  const read = (places: readonly number[]) =>
    places.map(
      (place) =>
        async function* () {
          const page = await at(place);
          const reach = reachOf(page);
          if (reach) reached.set(place, reach);
          yield page;
        },
    );
  const others = async function* () {
    const all = placesOf((await first)?.total ?? 0);
    if (all.length > early.length) places = all;
    yield* sideBySide(read(places.slice(early.length)), abreast);
  };
  yield* sideBySide([others, ...read(early)], abreast);
  const page = await first;
  const start = page && reachOf(page);
  if (!start) return;
  let end = start;
  for (const place of places) {
    const next = reached.get(place);
    if (next && next.from > end.to) yield* after(`${end.to}`, `${next.from - 1n}`);
    if (next && next.to > end.to) end = next;
  }
  if (end.full) yield* after(`${end.to}`);
}

/** Where the pages after the first begin. */
function placesOf(total: number): number[] {
  const last = Math.min(total, FARTHEST);
  return Array.from({ length: Math.max(0, Math.ceil((last - 1) / STEP) - 1) }, (_, n) => (n + 1) * STEP);
}

function reachOf({ contacts }: AcContactPage): Reach | undefined {
  const [from, to] = [contacts[0], contacts.at(-1)];
  return from && to ? { from: BigInt(from.id), to: BigInt(to.id), full: contacts.length >= PAGE } : undefined;
}
