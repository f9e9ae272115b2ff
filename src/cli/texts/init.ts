import { lineWidth } from './width.ts';
import { wrapped } from './wrap.ts';

/** The texts of `optbridge init`. */

export const INIT_USAGE = `optbridge init: ask for what a configuration needs, test the answers, write it

Usage
  optbridge init [--config FILE] [--secrets-in-file]

Options
  --config FILE        the file to write (default: optbridge.json); one that is
                       there is replaced only after asking
  --secrets-in-file    write the secrets into the file; otherwise it names
                       environment variables
  --help               print this

Answers may also be piped, one a line. Press Enter for what stands in brackets,
Ctrl-C to stop: until the last question is answered nothing is written. Nothing
is ever written to Salesforce or ActiveCampaign.

Exit codes
  0  the file is written, or was kept as it is
  2  the answers ended before the questions, or the command is wrong
`;

export const ANSWER_NEEDED = 'An answer is needed.\n';
export const ENDED = 'optbridge init: the answers ended before the questions. Nothing was written.';
export const STOPPED = '\noptbridge init: stopped. Nothing was written.';
export const NO_FOLDER = (folder: string) =>
  `optbridge init: ${folder} is not there. Make the folder first, or give another file with --config.`;
export const CAME_UP = (file: string) =>
  `optbridge init: somebody else has made ${file} in the meantime. It was left as it is; run init again.`;

export const WELCOME = (file: string) =>
  `This writes a configuration, and tests each answer at once. The file:\n  ${file}\n\n`;
export const NO_KEY_FILE = (path: string, code: string) =>
  `${path} cannot be read (${code}). Check the path and the file's rights.`;
export const OVERWRITE = (file: string) => `${file} is there already. Replace it at the end? (yes/no)`;
export const KEPT = (file: string) => `${file} was kept as it is.\n`;
export const YES_OR_NO = '  Please answer yes or no.\n';

export const SALESFORCE_PART = 'Salesforce\n';
export const ORG_URL = 'Address of the org (https://<MyDomain>.my.salesforce.com)';
export const KINDS = ['client-credentials', 'jwt', 'access-token'] as const;
export const AUTH_KIND = `How to sign in: ${KINDS.join(', ')}`;
export const UNKNOWN_KIND = (answer: string) => `"${answer}" is none of: ${KINDS.join(', ')}.`;
export const CLIENT_ID = 'Consumer key of the External Client App';
export const CLIENT_SECRET = 'Consumer secret';
export const USERNAME = 'User name of the API user';
export const KEY_FILE = 'File with the private key (PEM)';
export const ACCESS_TOKEN = 'Access token';
export const FIELD = 'API name of the opt-out checkbox';

export const ACTIVECAMPAIGN_PART = '\nActiveCampaign\n';
export const ACCOUNT_URL = 'API address, as Settings > Developer shows it';
export const KEY = 'API key';
export const LISTS = 'Lists that this checkbox is about: all, or ids such as 3, 7';

export const CAPS_PART = '\nLimits for one run: over them nothing is written until somebody has looked\n';
export const CAP_OPT_OUT = 'Most people to opt out: a number, a share such as 10%, or none for no limit';
export const CAP_OPT_IN = 'Most people to have an opt-out cleared';

export const VARIABLE = (what: string) => `${what}: environment variable that will hold it`;
/** Does not quote the answer: it may be the secret itself. */
export const NO_VARIABLE = 'that is no name of a variable. Use letters, digits and _, such as AC_KEY.';
export const VARIABLE_SET = (name: string) => `  ${name} is set here: its value is used for the test.\n`;
export const FOR_THE_TEST = (what: string) => `${what}, for the test only (not shown, not saved)`;
export const NOT_SHOWN = (what: string) => `${what} (not shown)`;

export const ORG_ANSWERS = (url: string, version: string | undefined) => `an org at ${url}, API version ${version}.`;
export const SIGNED_IN = (organization: string | undefined, user: string | undefined) =>
  `signed in to org ${organization} as user ${user}.`;
export const NO_FIELD_NAME = (answer: string, standard: string) =>
  `"${answer}" is no API name, such as ${standard} (its label is Email Opt Out) or Sales_Opt_Out__c.`;
export const FIELD_WRITABLE = (field: string) => `${field} is readable and writable on Contacts and Leads.`;
export const KEY_SEES = (username: string | undefined, lists: string | undefined) =>
  `the key of ${username}. E-mail lists that it sees: ${lists}`;

const said = (text: string) =>
  text
    .split('\n')
    .flatMap((paragraph) => wrapped(paragraph, lineWidth() - 2))
    .map((line) => `  ${line}\n`)
    .join('');
export const GOOD = (words: string) => said(`ok: ${words}`);
export const BAD = (reason: string) => said(`That does not work: ${reason}`);

/** A variable that the file names, and what it shall hold. */
interface Named {
  readonly name: string;
  readonly what: string;
  readonly set: boolean;
}

/** How variables are set, in a shell that is open and for good. `setx` takes no comment behind it, and any more words for a mistake. */
const SETTING = {
  posix: (missing: readonly Named[]) => missing.map(({ name, what }) => `  export ${name}='…'    # ${what}`),
  windows: (missing: readonly Named[]) => [
    ...missing.flatMap(({ name, what }) => [`  setx ${name} "…"`, `      ${what}`]),
    'setx keeps them for your user; windows opened from then on know them. In this one, PowerShell:',
    ...missing.map(({ name }) => `  $env:${name} = '…'`),
  ],
};

/**
 * What to do next.
 * @param same what a command needs to find this file
 * @param variables those that the file names
 * @param windows the commands are for a shell of Windows, where a file's mode keeps nobody out
 */
export function written(file: string, same: string, variables: readonly Named[], windows = false): string {
  const missing = variables.filter(({ set }) => !set);
  const lines = [
    '',
    `Wrote ${file}.${windows ? '' : ' Only you may read it.'}`,
    ...(missing.length === 0 ? [] : ['', 'The file holds no secret. Set these variables where OptBridge runs:']),
    ...(missing.length === 0 ? [] : SETTING[windows ? 'windows' : 'posix'](missing)),
    '',
    'What to run next:',
    `  optbridge doctor${same}`,
    '      looks at every prerequisite, and says what to do about what is missing',
    `  optbridge sync --dry-run${same}`,
    '      shows what a run would do; writes nothing',
    `  optbridge schedule --print ${windows ? 'windows' : 'systemd'}${same}`,
    `      prints what lets it run every night (also: ${windows ? 'github-actions' : 'cron, windows, github-actions'})`,
  ];
  return `${lines.join('\n')}\n`;
}
