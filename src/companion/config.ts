import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { accountOrigin } from '../activecampaign/origin.ts';
import type { AddressChange } from '../consent/carry.ts';
import { DEFAULT_QUALIFYING_TAGS } from '../consent/facts.ts';
import type { Cap, Caps } from '../consent/plan.ts';
import type { Auth } from '../salesforce/auth.ts';
import { orgOrigin } from '../salesforce/host.ts';
import { ConfigError, ConfigReader, together } from './config-reader.ts';
import { type KeepingSettings, keepingOf } from './keeping-settings.ts';
import { keysTwice } from './keys-twice.ts';
import { type UnattendedSettings, unattendedOf } from './unattended-settings.ts';

/** The standard field, labelled "Email Opt Out". */
export const STANDARD_FIELD = 'HasOptedOutOfEmail';

/** A configuration file, checked and with its secrets filled in. */
export interface Config extends UnattendedSettings, KeepingSettings {
  readonly salesforce: { readonly url: string; readonly optOutField: string; readonly auth: Auth };
  readonly activecampaign: {
    readonly url: string;
    readonly key: string;
    readonly requestsPerSecond: number;
    readonly lists: 'all' | readonly string[];
    readonly qualifyingTags: readonly string[];
    /** Which `sourceid`s of a membership are the person's own act. */
    readonly personSources: 'any' | readonly string[];
    /** Whether many people at once are unsubscribed by bulk import. */
    readonly bulkImport: 'auto' | 'never';
    /** Whether a bulk import starts no automation. Single writes cannot be kept from it. */
    readonly excludeAutomations: boolean;
  };
  readonly caps: Caps;
  /** Whether an opt-out goes along when a record or a contact gets another address. */
  readonly addressChange: AddressChange;
  /** Absolute path of the store. */
  readonly store: string;
}

/** Where secrets lie on this machine's disk. */
export interface KeptSecrets {
  /** The paths of settings whose secret stands in the configuration file itself, such as `activecampaign.key`. */
  readonly inFile: readonly string[];
  /** The private key that the configuration names; null for none. */
  readonly keyFile: string | null;
}

/** A configuration file as read. */
export interface ConfigRead {
  readonly config: Config;
  readonly kept: KeptSecrets;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks a configuration file. A relative path in it is relative to the file.
 * @throws ConfigError naming every value that is wrong, what is wrong with it, and the remedy
 */
export function loadConfig(file: string, env: Env): Config {
  return readConfig(file, env).config;
}

/** The same, and where its secrets are kept. */
export function readConfig(file: string, env: Env): ConfigRead {
  const text = configText(file);
  const value = jsonOf(text, file);
  return together<{ read: ConfigRead; once: undefined }>({
    read: () => checked(value, dirname(resolve(file)), env),
    once: () => eachOnce(text),
  }).read;
}

/**
 * The text of a configuration file, without the byte order mark that editors on Windows put before it.
 * @throws ConfigError
 */
export function configText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new ConfigError(`${file}: cannot be read (${code}). Give the path of a configuration file with --config.`);
  }
  if (UTF_16.includes(bytes.toString('hex', 0, 2)))
    throw new ConfigError(`${file}: is in UTF-16, as PowerShell writes with ">". Save it as UTF-8.`);
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

/** How a file in it begins. */
const UTF_16: readonly string[] = ['fffe', 'feff'];

function eachOnce(text: string): undefined {
  const twice = keysTwice(text);
  if (twice.length === 0) return undefined;
  throw new ConfigError(
    ...twice.map((path) => `${path}: stands twice in the same object, and only the last would count. Take one out.`),
  );
}

/** Not JSON.parse's own words: they quote the text around the error, which may be a secret. */
function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (text.trim() === '')
      throw new ConfigError(`${file}: is empty. The README shows a whole file; optbridge init makes one.`);
    const place = error instanceof Error ? /line \d+ column \d+/.exec(error.message)?.[0] : undefined;
    throw new ConfigError(`${file}: is not JSON${place ? ` (${place})` : ''}. Look for a missing comma or quote.`);
  }
}

/** Checks a configuration that is already parsed; `folder` is what relative paths are relative to. */
export function parseConfig(value: unknown, folder: string, env: Env): Config {
  return checked(value, folder, env).config;
}

function checked(value: unknown, folder: string, env: Env): ConfigRead {
  const inFile: string[] = [];
  const root = new ConfigReader(value, '', env, (path) => inFile.push(path));
  const config = root.all<Config>({
    salesforce: () => salesforceOf(root.object('salesforce'), folder),
    activecampaign: () => activecampaignOf(root.object('activecampaign'), ownFieldIn(root.peek('salesforce'))),
    caps: () => capsOf(root.optionalObject('caps')),
    addressChange: () => addressChangeOf(root),
    ...unattendedOf(root, folder),
    ...keepingOf(root, folder),
    store: () => resolve(folder, root.text('store', './optbridge.sqlite')),
  });
  const { auth } = config.salesforce;
  const keyFile = auth.kind === 'jwt' ? keyFileIn(root.object('salesforce').object('auth'), folder) : null;
  return { config, kept: { inFile, keyFile } };
}

const FIELD_NAME = /^[A-Za-z]\w*$/;

/** Salesforce minds no case in the names of fields. */
function isStandard(name: string): boolean {
  return name.trim().toLowerCase() === STANDARD_FIELD.toLowerCase();
}

/** The opt-out field where it is one of the admin's own, whatever else is wrong with that part. */
function ownFieldIn(salesforce: unknown): string | null {
  const field = (salesforce as { readonly optOutField?: unknown } | null | undefined)?.optOutField;
  const name = typeof field === 'string' ? field.trim() : '';
  return FIELD_NAME.test(name) && !isStandard(name) ? name : null;
}

function salesforceOf(reader: ConfigReader, folder: string): Config['salesforce'] {
  return reader.all<Config['salesforce']>({
    url: () => origin(() => orgOrigin(reader.text('url'), reader.at('url'))),
    optOutField: () => fieldOf(reader),
    auth: () => authOf(reader.object('auth'), folder),
  });
}

function fieldOf(reader: ConfigReader): string {
  const name = reader.text('optOutField', STANDARD_FIELD);
  if (isStandard(name)) return STANDARD_FIELD;
  if (/^email opt[ -]?out$/i.test(name.trim()))
    reader.fail('optOutField', `"${name}" is the label of the field. Use its API name: ${STANDARD_FIELD}.`);
  if (!FIELD_NAME.test(name))
    reader.fail('optOutField', `"${name}" is no field name. Use the API name, such as Sales_Opt_Out__c.`);
  return name;
}

function authOf(reader: ConfigReader, folder: string): Auth {
  const kind = reader.oneOf('kind', ['client-credentials', 'jwt', 'access-token']);
  if (kind === 'access-token') return { kind, ...reader.all({ accessToken: () => reader.secret('accessToken') }) };
  const clientId = () => reader.text('clientId');
  if (kind === 'client-credentials')
    return { kind, ...reader.all({ clientId, clientSecret: () => reader.secret('clientSecret') }) };
  const rest = { username: () => reader.text('username'), privateKey: () => keyFileOf(reader, folder) };
  return { kind, ...reader.all({ clientId, ...rest }) };
}

function keyFileIn(reader: ConfigReader, folder: string): string {
  return resolve(folder, reader.text('privateKeyFile'));
}

function keyFileOf(reader: ConfigReader, folder: string): string {
  const path = keyFileIn(reader, folder);
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch {
    return reader.fail('privateKeyFile', `${path} cannot be read. Check the path and the file's rights.`);
  }
  if (!pem.includes('PRIVATE KEY'))
    reader.fail('privateKeyFile', `${path} holds no private key in PEM form ("-----BEGIN PRIVATE KEY-----").`);
  return pem;
}

function activecampaignOf(reader: ConfigReader, ownField: string | null): Config['activecampaign'] {
  return reader.all<Config['activecampaign']>({
    url: () => origin(() => accountOrigin(reader.text('url'))),
    key: () => reader.secret('key'),
    requestsPerSecond: () => paceOf(reader),
    lists: () => listsOf(reader, ownField),
    qualifyingTags: () => tagsOf(reader),
    personSources: () => sourcesOf(reader),
    bulkImport: () =>
      reader.value('bulkImport') === undefined ? 'auto' : reader.oneOf('bulkImport', ['auto', 'never']),
    excludeAutomations: () => reader.flag('excludeAutomations', true),
  });
}

function listsOf(reader: ConfigReader, ownField: string | null): 'all' | readonly string[] {
  const value = reader.value('lists');
  if (value === undefined && ownField !== null)
    reader.fail(
      'lists',
      `must be said when salesforce.optOutField is ${ownField}, because a field of your own keeps sales and marketing apart. Use "all" or the ids of lists, such as ["3", "7"].`,
    );
  if (value === undefined || value === 'all') return 'all';
  return reader.ids(
    'lists',
    '"all" or the ids of lists are needed, such as ["3", "7"]. The id stands in the list’s address in ActiveCampaign.',
  );
}

function tagsOf(reader: ConfigReader): readonly string[] {
  if (reader.value('qualifyingTags') === undefined) return DEFAULT_QUALIFYING_TAGS;
  return reader.texts('qualifyingTags', 'the names of tags are needed, such as ["added-to-salesforce-contact"].');
}

function sourcesOf(reader: ConfigReader): 'any' | readonly string[] {
  const value = reader.value('personSources');
  if (value === undefined || value === 'any') return 'any';
  return reader.ids(
    'personSources',
    '"any" or the sourceids that are the person’s own act are needed, such as ["0", "4"]. optbridge show ADDRESS --json names those of a contact.',
  );
}

/** So slow that somebody meant seconds, and not requests a second. */
const SLOWEST = 0.1;

function paceOf(reader: ConfigReader): number {
  const pace = reader.positive('requestsPerSecond', 4);
  if (pace < SLOWEST)
    reader.fail(
      'requestsPerSecond',
      `${pace} is one request in ${Math.round(1 / pace)} seconds: a night would never end. Use 4, or ${SLOWEST} at the least.`,
    );
  return pace;
}

function addressChangeOf(reader: ConfigReader): AddressChange {
  return reader.value('addressChange') === undefined ? 'carry' : reader.oneOf('addressChange', ['carry', 'leave']);
}

function capsOf(reader: ConfigReader): Caps {
  return reader.all<Caps>({
    optOut: () => capOf(reader.value('optOut') ?? '10%', reader.at('optOut')),
    optIn: () => capOf(reader.value('optIn') ?? '1%', reader.at('optIn')),
  });
}

/**
 * A cap as written in the configuration or on the command line.
 * @param value a whole number of people, `"N%"`, or `"none"`. `"0%"` is nobody, like 0: a share that is never less than
 *   `LEAST_SHARE` is for whoever wants one
 * @param name how a complaint names it
 * @throws ConfigError
 */
export function capOf(value: unknown, name: string): Cap {
  if (value === 'none') return 'none';
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  if (/^\d+$/.test(text)) return Number(text);
  const percent = /^(\d+(?:\.\d+)?) ?%$/.exec(text)?.[1];
  if (percent !== undefined && Number(percent) === 0) return 0;
  if (percent !== undefined && Number(percent) <= 100) return { percent: Number(percent) };
  throw new ConfigError(
    `${name}: a number of people (0 for nobody), a share such as "10%", or "none" for no limit is needed.`,
  );
}

/** The clients word what is wrong with an address; here it is a matter of configuration. */
function origin(read: () => string): string {
  try {
    return read();
  } catch (error) {
    throw error instanceof ConfigError
      ? error
      : new ConfigError(error instanceof Error ? error.message : String(error));
  }
}
