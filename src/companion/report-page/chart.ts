import { type Html, html } from './html.ts';
import { grouped, short } from './numbers.ts';

/** One run in the chart. */
export interface Bar {
  /** When it was begun; ISO. */
  readonly at: string;
  readonly optOuts: number;
  readonly optIns: number;
  /** Null when all went well; else what to say of it. */
  readonly trouble: string | null;
}

const HEIGHT = 180;
/** Room for the number over a bar that is cut off, and the mark over that. */
const TOP = 36;
const BOTTOM = 24;
const LEFT = 34;
/** As many as the chart holds. */
export const BARS = 30;
/** A phone's chart has fewer, so that its numbers can be read. */
const FEW_BARS = 12;
/** A bar more than so many times the usual is cut off, or a first run would flatten all that follow. */
const OUTSTANDING = 5;

/** How many people each of the last runs was to opt out and in, as bars, the oldest to the left; twice, for two widths. */
export function chart(bars: readonly Bar[]): Html {
  return html`<div class="wide">${drawn(bars.slice(-BARS), { width: 720, slots: BARS })}</div>
<div class="narrow">${drawn(bars.slice(-FEW_BARS), { width: 340, slots: FEW_BARS })}</div>`;
}

/** A width in the drawing's own units, for so many bars. */
interface Frame {
  readonly width: number;
  readonly slots: number;
}

function drawn(bars: readonly Bar[], frame: Frame): Html {
  const { width } = frame;
  const top = scaleTop(bars.map(totalOf));
  const height = HEIGHT - TOP - BOTTOM;
  const y = (count: number) => round(TOP + height - (Math.min(count, top) / top) * height);
  const base = TOP + height;
  const slot = (width - LEFT) / frame.slots;
  const troubled = bars.filter(({ trouble }) => trouble !== null).length;
  const words = `Bar chart of the last ${bars.length} ${bars.length === 1 ? 'run' : 'runs'}. Most people in one run: ${grouped(Math.max(0, ...bars.map(totalOf)))}. Runs that were not done: ${troubled}. The table below has the numbers.`;
  return html`<svg viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label="${words}">
<line class="grid" x1="${LEFT}" x2="${width}" y1="${y(top)}" y2="${y(top)}"/><text x="${LEFT - 6}" y="${y(top) + 4}" text-anchor="end">${short(top)}</text>
<line class="grid" x1="${LEFT}" x2="${width}" y1="${base}" y2="${base}"/><text x="${LEFT - 6}" y="${base + 4}" text-anchor="end">0</text>
${bars.map((bar, index) => column(bar, { x: LEFT + index * slot, slot, y, base, top }))}
${dateLabels(bars, slot, bars.length >= frame.slots / 2)}</svg>`;
}

function column(
  bar: Bar,
  at: { x: number; slot: number; y: (count: number) => number; base: number; top: number },
): Html {
  const { optOuts, optIns, trouble } = bar;
  const x = round(at.x + at.slot * 0.15);
  const width = round(at.slot * 0.7);
  const middle = round(x + width / 2);
  const total = totalOf(bar);
  const part = (name: string, from: number, to: number) => {
    const [low, high] = [at.y(from), at.y(to)];
    return (
      to > from && html`<rect class="${name}" x="${x}" y="${high}" width="${width}" height="${round(low - high)}"/>`
    );
  };
  const cut = total > at.top;
  const words = `${bar.at.slice(0, 10)}: ${grouped(optOuts)} to opt out, ${grouped(optIns)} to opt in${trouble === null ? '' : `; ${trouble}`}`;
  return html`<g><title>${words}</title>${part('out', 0, optOuts)}${part('in', optOuts, total)}${
    cut &&
    html`<path class="cut" d="M${x - 1} ${TOP + 16} l${round(width / 2 + 1)} -6 l${round(width / 2 + 1)} 6"/><text x="${middle}" y="${TOP - 7}" text-anchor="middle">${grouped(total)}</text>`
  }${trouble !== null && html`<text class="mark" x="${middle}" y="${at.y(Math.min(total, at.top)) - 4 - (cut ? 14 : 0)}" text-anchor="middle">!</text>`}</g>\n`;
}

/** The days of the first and of the last bar; where both would not fit, of the first. */
function dateLabels(bars: readonly Bar[], slot: number, room: boolean): (Html | false)[] {
  const label = (x: number, anchor: 'start' | 'end', bar: Bar | undefined) =>
    bar !== undefined &&
    html`<text x="${round(x)}" y="${HEIGHT - 6}" text-anchor="${anchor}">${bar.at.slice(0, 10)}</text>`;
  return [
    label(LEFT + slot * 0.15, 'start', bars[0]),
    room && label(LEFT + bars.length * slot - slot * 0.15, 'end', bars.at(-1)),
  ];
}

function totalOf({ optOuts, optIns }: Pick<Bar, 'optOuts' | 'optIns'>): number {
  return optOuts + optIns;
}

/** The number at the top of the scale: a round one above the largest bar that does not stand out from the usual. */
function scaleTop(totals: readonly number[]): number {
  const some = totals.filter((total) => total > 0).sort((a, b) => a - b);
  const usual = some[Math.floor(some.length / 2)] ?? 1;
  const largest = some.findLast((total) => total <= usual * OUTSTANDING) ?? 1;
  const size = 10 ** Math.floor(Math.log10(largest));
  return [1, 2, 5, 10].map((step) => step * size).find((step) => step >= largest) ?? largest;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
