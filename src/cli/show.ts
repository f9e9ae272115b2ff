import { type About, aboutPerson } from '../companion/about.ts';
import { auditRows } from '../companion/audit.ts';
import type { Config } from '../companion/config.ts';
import { together } from '../companion/config-reader.ts';
import { impatient } from '../companion/impatient.ts';
import { decisionsOf, runById } from '../companion/ledger.ts';
import { addressOfRecord, readPerson, rememberedAddressOf } from '../companion/person.ts';
import { EXIT_CODES } from '../companion/report.ts';
import { Store } from '../companion/store.ts';
import { readingServices, Unreadable } from '../companion/unreadable.ts';
import { isRecordId, longId, objectOf } from '../salesforce/salesforce.ts';
import { connect } from './connect.ts';
import { giveUp } from './give-up.ts';
import { LOOK, lookInto, offlineConfig } from './look.ts';
import { configOf, optionsOf } from './options.ts';
import { type Terminal, UsageError } from './terminal.ts';
import { fitted } from './texts/fitted.ts';
import {
  aboutText,
  MISCOPIED,
  NO_ADDRESS,
  NO_PERSON,
  NO_RECORD,
  NO_RUN,
  NOBODY,
  runText,
  SHOW_HELP,
} from './texts/show.ts';

const OPTIONS = { ...LOOK, offline: { type: 'boolean', default: false } } as const;
const RUN = /^(?:\w+-)?\d{8}T\d{6}Z-\w+$/;

/** `optbridge show`: all about one person or one run. */
export async function runShow(terminal: Terminal): Promise<number> {
  const line = optionsOf('show', terminal, OPTIONS);
  const { values: options } = line;
  if (options.help) {
    terminal.out(fitted(SHOW_HELP));
    return EXIT_CODES.done;
  }
  const [said] = line.positionals;
  const offline = options.offline || (said !== undefined && RUN.test(said));
  const { word, config } = together({
    line: () => line.check(1),
    word: () => whomOrWhich(said),
    config: () => (offline ? offlineConfig : configOf)('show', options.config, terminal),
  });
  if (RUN.test(word)) {
    showRun(terminal, config, word, options.json);
    return EXIT_CODES.done;
  }
  const who = isRecord(word) ? { record: longId(word) } : { address: word };
  let about: About;
  try {
    about = await readingServices(() => showPerson(config, who, options.offline));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return giveUp(terminal, 'failed', error.message);
  }
  const { now } = about;
  const asJson = {
    ...about,
    now: now && { ...now, policy: { ...now.policy, lists: [...now.policy.lists] } },
  };
  terminal.out(options.json ? `${JSON.stringify(asJson)}\n` : aboutText(about));
  return now && now.failures.length > 0 ? EXIT_CODES.failed : EXIT_CODES.done;
}

const isRecord = (word: string) => isRecordId(word) && objectOf(word) !== undefined;
/** An id of 18 characters has three at its end that tell whether the others were copied rightly. */
const isMiscopied = (id: string) =>
  id.length === 18 && longId(id.slice(0, 15)) !== id.slice(0, 15) + id.slice(15).toUpperCase();

/** The word, if it can be a run, a record or an address. */
function whomOrWhich(word: string | undefined): string {
  if (word === undefined) throw new UsageError(NOBODY);
  if (!RUN.test(word) && !isRecord(word) && !word.includes('@')) throw new UsageError(NO_PERSON(word));
  if (isRecord(word) && isMiscopied(word)) throw new UsageError(MISCOPIED(word));
  return word;
}

function showRun(terminal: Terminal, config: Config, name: string, json: boolean): void {
  lookInto(config, (store) => {
    const run = runById(store, name);
    const decisions = [...decisionsOf(store, name, config.salesforce.optOutField)];
    const audit = [...auditRows(store, { run: name })];
    if (!run && audit.length === 0) throw new UsageError(NO_RUN(name));
    terminal.out(
      json ? `${JSON.stringify({ ...run, run: name, decisions, audit })}\n` : runText(run, name, decisions, audit),
    );
  });
}

async function showPerson(
  config: Config,
  who: { readonly record: string } | { readonly address: string },
  offline: boolean,
): Promise<About> {
  const services = offline ? null : { config, ...connect(config, impatient) };
  const store = new Store(config.store, { look: true });
  try {
    let address: string;
    if ('address' in who) address = who.address.trim().toLowerCase();
    else {
      const live = services ? await addressOfRecord(services.salesforce, who.record) : undefined;
      if (live === null) throw new UsageError(NO_ADDRESS(who.record));
      const found = live ?? rememberedAddressOf(store, who.record);
      if (found === undefined) throw new UsageError(NO_RECORD(who.record, offline));
      address = found;
    }
    const now = services && (await readPerson(services, store, address));
    return aboutPerson(store, address, now, config.salesforce.optOutField);
  } finally {
    store.close();
  }
}
