import type { Kept } from './night.ts';
import type { Backlog, Change } from './truth.ts';

/** Every text of the demo. */

const number = (count: number): string => count.toLocaleString('en');
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** Rows of a table, indented, with columns as wide as their widest entry. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, at) => Math.max(all[at] ?? 0, cell.length)), []);
  return rows
    .map(
      (row) =>
        `   ${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

export const USAGE = `npm run demo [-- --keep]

  --keep   leave the sandbox (and the browser window, where there is a display) running until Ctrl-C
`;

export const WELCOME = `
OptBridge demo. Salesforce and ActiveCampaign are emulated on this machine; nobody in it is real, nothing leaves it.
`;

export const STEP = (count: number, title: string) => `\n${count}. ${title}\n`;

export const STEPS = {
  start: 'Start the sandbox and a browser with the extension',
  setUp: 'Set the extension up in its options page',
  open: (name: string) => `Open ${name} in Salesforce and sign in`,
  optOut: (name: string) => `Opt ${name} out with one click`,
  dryRun: 'The night: first a dry run, which writes nothing',
  night: 'The night itself, at 4 requests a second to ActiveCampaign',
  again: 'The next night, when nothing has happened since',
  look: (name: string) => `Look at ${name}, whom the night has settled`,
} as const;

export const STARTED = (people: number, records: number, contacts: number, windowed: boolean) =>
  `   ${number(people)} people: ${number(records)} Salesforce records, ${number(contacts)} ActiveCampaign contacts.\n${
    windowed ? '   Watch the browser window.\n' : '   There is no window to watch; look at the pictures in demo/.\n'
  }`;

export const NO_WINDOW = '   A browser window could not be opened on this display; going on without one.\n';
export const NO_BROWSER = (path: string) =>
  `The browser ${path} did not start. Start it by hand to see why, or set OPTBRIDGE_BROWSER to the path of another.`;

export const SET_UP = (said: string) => `   The page tested the key: "${said}"\n`;

export const OPENED = (said: string) => `   Rita, a sales rep, pressed "Allow". The pill on the page says: ${said}\n`;

export const OPTED_OUT = (milliseconds: number, rows: readonly Change[]) =>
  `   Read back from both systems ${seconds(milliseconds)} after the click:\n${table(
    rows.map(({ spot, was }) => [
      spot.side === 'salesforce' ? 'Salesforce' : 'ActiveCampaign',
      spot.name,
      spot.side === 'salesforce' ? 'Email Opt Out' : 'list',
      was === spot.value ? `${was}, as before` : `${was ?? 'no row'} -> ${spot.value}`,
    ]),
  )}   Salesforce's own page shows its box when it is loaded again, as the real one does (picture 5).\n`;

export const COMMAND = (args: readonly string[]) => `   $ npm run optbridge -- ${args.join(' ')}\n\n`;

export const DRY_RUN_DONE = '\n   Checked in both systems: nothing was written.\n';

export const NIGHT_DONE = (changes: readonly Change[], before: Backlog, after: Backlog) => {
  const people = new Set(changes.map(({ spot }) => spot.address)).size;
  const boxes = changes.filter(({ spot }) => spot.side === 'salesforce').length;
  return `
   Checked in both systems: ${people} people settled, ${boxes} boxes set in Salesforce, ${changes.length - boxes} list
   subscriptions ended in ActiveCampaign; nobody was opted in. How many people the two disagree about:

${table([
  ['', 'before', 'after'],
  ['Salesforce says out, ActiveCampaign mails', `${before.stillMailed}`, `${after.stillMailed}`],
  ['out on one Salesforce record, not on another', `${before.halfSet}`, `${after.halfSet}`],
  ['left every list or bounced, box clear', `${before.notTold}`, `${after.notTold}`],
  ["the same, but not tagged as Salesforce's", `${before.notMarked}`, `${after.notMarked}`],
])}
   The last row is left alone by rule: only contacts tagged as Salesforce's may change it.
`;
};

export const AGAIN_DONE = '\n   Checked in both systems: nothing was written, nothing is left to do.\n';

export const LOOKED = (said: string) => `   The pill says: ${said}\n`;

export const SUMMARY = (
  took: number,
  person: string,
  night: Kept,
  files: { readonly shots: readonly string[]; readonly config: string; readonly store: string },
) => `
It walked, in ${seconds(took)}.
   ${person}: one click, out in both systems.
   The night: ${number(night.counts.people)} people looked at, ${number(night.counts.done)} settled, ${number(night.counts.failed)} failed;
   ${number(night.calls.salesforce)} calls to Salesforce, ${number(night.calls.activecampaign)} to ActiveCampaign. The next night wrote nothing.

Where to look
   pictures  ${files.shots.join('\n             ')}
   config    ${files.config}
   store     ${files.store} (SQLite: runs, agreements, audit)
`;

export const STOPPED_BY_ITSELF = `
Nothing is left running. \`npm run demo -- --keep\` leaves it all up for you to play with.
`;

export const KEPT = (
  at: {
    readonly salesforce: string;
    readonly activecampaign: string;
    readonly page: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly key: string;
    readonly config: string;
  },
  windowed: boolean,
) => `
The sandbox is still up${windowed ? ', and so is the browser window: Rita is signed in there' : ''}.
   Salesforce      ${at.salesforce}
                   consumer key ${at.clientId}, secret ${at.clientSecret}
   ActiveCampaign  ${at.activecampaign}
                   key ${at.key}
   A record page   ${at.page}
   Another night   npm run optbridge -- sync --config ${at.config}
Stop it with Ctrl-C.
`;

export const INTERRUPTED = '\nStopping …\n';
export const STOPPED = 'Stopped; nothing is left running.\n';
export const NOT_STOPPED = 'Something would not stop in time; the demo ends without it.\n';

export const FAILED = (count: number, title: string, words: string, shot: string | undefined) =>
  `\nThe demo failed at step ${count} (${title}):\n   ${words}\n${shot ? `   What the browser showed: ${shot}\n` : ''}`;
export const UNEXPECTED = (words: string) => `\nThe demo failed: ${words}\n`;

export const COMMAND_FAILED = (args: readonly string[], how: number | string) =>
  `\`optbridge ${args.join(' ')}\` ended with ${how}; its own words are above.`;
export const NOT_OUT = 'The overlay says "opted out", but the sandbox does not agree.';
export const OWNER_CHANGED = 'A record has another owner than before the click.';
export const WROTE = (changes: number) => `${changes} things were changed that should not have been.`;
export const NO_OPT_OUT = (name: string) => `${name} was changed in a way that is no opt-out.`;
export const NOT_SETTLED = (left: number) => `${left} people are still not settled.`;
export const REPORT_DIFFERS = (people: number, said: number) =>
  `The run says that it settled ${said} people, but the sandbox shows ${people}.`;
