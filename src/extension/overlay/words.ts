import type messages from '../../../public/_locales/en/messages.json';

/** A text of the overlay: its key in `_locales` without the prefix `overlay_`. */
export type Key = keyof typeof messages extends infer Name ? (Name extends `overlay_${infer K}` ? K : never) : never;

/** A text with a form for one and a form for more: `…_one`, `…_other`. */
type Plural = Key extends infer K ? (K extends `${infer Stem}_other` ? Stem : never) : never;

type Parts = readonly (string | number)[];

/** The texts in the reader's language, and dates and numbers in the reader's locale. */
export interface Words {
  /** The language of the texts, a BCP 47 tag. */
  readonly language: string;
  /** What dates and numbers are written in, a BCP 47 tag. */
  readonly locale: string;
  /** The text of a key, with `$1`, `$2` … replaced. */
  say(key: Key, ...parts: Parts): string;
  /** The text for a count, which is its `$1`. */
  count(key: Plural, n: number, ...parts: Parts): string;
  /** What there is of these, one after the other. */
  join(...parts: readonly (string | false | null | undefined)[]): string;
  /** An ISO instant as a day, the year only where it is not this year's. */
  day(instant: string, now: number): string;
  /** A span of milliseconds ahead. */
  span(milliseconds: number): string;
}

/** Said when the extension is gone, and `chrome.i18n` with it, so they are read ahead. */
const LAST_WORDS: readonly Key[] = ['label', 'with_detail', 'close', 'gone', 'gone_title', 'gone_words'];

const SPANS = [
  [5_400, 3_600, 'hour'],
  [90, 60, 'minute'],
  [0, 1, 'second'],
] as const;

const RIGHT_TO_LEFT = /[\u0591-\u08ff\ufb1d-\ufefc]/;
/** Set apart, so that a name that runs the other way turns round no more of a sentence than itself (Unicode UAX 9). */
const apart = (text: string): string => (RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text);

/**
 * Plurals are those of the language that the texts are in, which need not be the reader's: `chrome.i18n` falls back to
 * English, and has no plural rules; `Intl` has, and takes half a millisecond to say what is known. Dates and numbers are the reader's where the reader reads that language (en-GB),
 * and else the texts', so that no sentence is in two languages.
 *
 * @param message `chrome.i18n.getMessage`, which may throw once the extension is gone
 * @param reader whose `languages` are what the reader reads, best first: BCP 47 tags. They are looked at when a date or a large
 *   number is first said: a page pays for them, and most pills say neither
 */
export function createWords(
  message: (name: string, parts: string[]) => string,
  reader: Pick<Navigator, 'languages'>,
): Words {
  const texts = new Map<string, string>();
  const language = message('language', []);
  let found = '';
  const locale = (): string =>
    (found ||= reader.languages.find((tag) => tag.slice(0, 2) === language.slice(0, 2)) ?? language);
  const singular = singularIn(language);

  /** Every text is read once, with its placeholders left in, and so outlives `chrome.i18n`. */
  const text = (key: string): string => {
    try {
      if (!texts.has(key)) texts.set(key, message(`overlay_${key}`, ['$1', '$2', '$3']));
    } catch {
      // The extension is gone: only what was read before can still be said.
    }
    return texts.get(key) ?? '';
  };
  // The first number that a page formats costs it 25 ms: small ones look the same everywhere.
  const told = (part: string | number = ''): string =>
    typeof part === 'number' && part > 999 ? part.toLocaleString(locale()) : apart(`${part}`);
  const fill = (template: string, parts: Parts): string => template.replace(/\$(\d)/g, (_, n) => told(parts[n - 1]));

  LAST_WORDS.forEach(text);
  return {
    language,
    get locale() {
      return locale();
    },
    say: (key, ...parts) => fill(text(key), parts),
    count(key, n, ...parts) {
      return fill(text(singular.includes(n) ? `${key}_one` : `${key}_other`), [n, ...parts]);
    },
    join: (...parts) =>
      parts.reduce<string>((all, part) => (all && part ? fill(text('joined'), [all, part]) : all || part || ''), ''),
    day(instant, now) {
      const date = new Date(instant);
      const year = date.getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
      return date.toLocaleDateString(locale(), { day: 'numeric', month: 'short', year });
    },
    span(milliseconds) {
      const { n, unit } = parted(milliseconds);
      return n.toLocaleString(locale(), { style: 'unit', unit });
    },
  };
}

/** A span of milliseconds in its largest unit that is not too coarse. */
export function parted(milliseconds: number): { readonly n: number; readonly unit: 'hour' | 'minute' | 'second' } {
  const seconds = Math.max(0, milliseconds / 1000);
  const [, size, unit] = SPANS.find(([from]) => seconds >= from) ?? SPANS[2];
  return { n: Math.round(seconds / size), unit };
}

/** The counts that take the singular in a language that the extension speaks (Unicode CLDR, cardinal `one`). */
function singularIn(language: string): readonly number[] {
  if (language === 'ja') return [];
  return /^(fr|pt)/.test(language) ? [0, 1] : [1];
}
