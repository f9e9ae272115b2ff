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
  /** The first page, with how many match in all. */
  readonly first: AcContactPage;
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
export async function* restByOffset({ first, abreast, at, after }: Asked): AsyncGenerator<AcContactPage> {
  const start = reachOf(first);
  if (!start) return;
  const last = Math.min(first.total ?? 0, FARTHEST);
  const places = Array.from({ length: Math.max(0, Math.ceil((last - 1) / STEP) - 1) }, (_, n) => (n + 1) * STEP);
  const reached = new Map<number, Reach>();
  const parts = places.map(
    (place) =>
      async function* () {
        yield { place, page: await at(place) };
      },
  );
  for await (const { place, page } of sideBySide(parts, abreast)) {
    const reach = reachOf(page);
    if (reach) reached.set(place, reach);
    yield page;
  }
  let end = start;
  for (const place of places) {
    const next = reached.get(place);
    if (next && next.from > end.to) yield* after(`${end.to}`, `${next.from - 1n}`);
    if (next && next.to > end.to) end = next;
  }
  if (end.full) yield* after(`${end.to}`);
}

function reachOf({ contacts }: AcContactPage): Reach | undefined {
  const [from, to] = [contacts[0], contacts.at(-1)];
  return from && to ? { from: BigInt(from.id), to: BigInt(to.id), full: contacts.length >= PAGE } : undefined;
}
