import { resolve } from 'node:path';
import { isLoopback } from '../service/origin.ts';
import type { ConfigReader, Readings } from './config-reader.ts';
import { cronFields } from './cron-fields.ts';
import { nightsOf } from './nights.ts';

/** The settings of nights that nobody watches. */
export interface UnattendedSettings {
  /** When a run is due: a cron pattern of five fields, in an IANA time zone. */
  readonly schedule: {
    readonly cron: string;
    readonly timeZone: string;
    /** After so many days a run reads everybody again, instead of what has changed. */
    readonly fullEveryDays: number;
  };
  /** With false nothing runs by itself. */
  readonly nightly: { readonly enabled: boolean };
  readonly alerts: AlertSettings;
}

/** Who is told when a run did not go as it should. */
export interface AlertSettings {
  /** A secret: whoever knows the address can write to the channel. */
  readonly webhook: string | null;
  /** A program and its arguments; it gets the summary of the run on stdin. */
  readonly command: readonly string[] | null;
}

export const DEFAULT_CRON = '0 20 * * *';
export const DEFAULT_TIME_ZONE = 'America/Los_Angeles';
export const DEFAULT_FULL_EVERY_DAYS = 7;
/** What goes unnoticed by a reading of changes must not do so for long. */
const MOST_DAYS = 14;

/** Reads `schedule`, `nightly` and `alerts`, all of them optional. */
export function unattendedOf(root: ConfigReader, folder: string): Readings<UnattendedSettings> {
  return {
    schedule: () => scheduleOf(root.optionalObject('schedule')),
    nightly: () => nightlyOf(root.optionalObject('nightly')),
    alerts: () => alertsOf(root.optionalObject('alerts'), folder),
  };
}

function scheduleOf(reader: ConfigReader): UnattendedSettings['schedule'] {
  return reader.all<UnattendedSettings['schedule']>({
    cron: () => cronOf(reader),
    timeZone: () => timeZoneOf(reader),
    fullEveryDays: () => fullEveryOf(reader),
  });
}

function cronOf(reader: ConfigReader): string {
  const cron = reader.text('cron', DEFAULT_CRON).trim().split(/\s+/).join(' ');
  attempt(
    () => cronFields(cron),
    (words) => reader.fail('cron', `${words}. Use a pattern such as "${DEFAULT_CRON}".`),
  );
  // Whether it ever comes is no matter of the time zone, which may be wrong as well.
  if (nightsOf(cron, 'UTC').next(0) === null)
    reader.fail('cron', `"${cron}" never comes. Use a pattern such as "${DEFAULT_CRON}".`);
  return cron;
}

function timeZoneOf(reader: ConfigReader): string {
  const timeZone = reader.text('timeZone', DEFAULT_TIME_ZONE).trim();
  return attempt(
    () => nightsOf(DEFAULT_CRON, timeZone).timeZone,
    (words) => reader.fail('timeZone', `${words}. Use an IANA name, such as ${DEFAULT_TIME_ZONE}.`),
  );
}

function fullEveryOf(reader: ConfigReader): number {
  const days = reader.positive('fullEveryDays', DEFAULT_FULL_EVERY_DAYS);
  if (days > MOST_DAYS)
    reader.fail('fullEveryDays', `at most ${MOST_DAYS} days are allowed; ${DEFAULT_FULL_EVERY_DAYS} unless given.`);
  return days;
}

function nightlyOf(reader: ConfigReader): UnattendedSettings['nightly'] {
  return reader.all<UnattendedSettings['nightly']>({ enabled: () => reader.flag('enabled', true) });
}

function alertsOf(reader: ConfigReader, folder: string): AlertSettings {
  return reader.all<AlertSettings>({
    webhook: () => (reader.value('webhook') === undefined ? null : webhookOf(reader)),
    command: () => commandOf(reader, folder),
  });
}

/** Never quotes what was typed: it is a secret. */
function webhookOf(reader: ConfigReader): string {
  const url = URL.parse(reader.secret('webhook'));
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return reader.fail('webhook', 'this is not a web address. Give it in full, as the chat tool shows it.');
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    reader.fail('webhook', 'the address is not encrypted. Use one that begins with https://.');
  return url.href;
}

/** A program that is named by a path is found from the file's folder, like all else that the file names. */
function commandOf(reader: ConfigReader, folder: string): readonly string[] | null {
  const value = reader.value('command');
  if (value === undefined) return null;
  const [program, ...words] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  if (typeof program !== 'string' || program.trim() === '' || !words.every((word) => typeof word === 'string'))
    reader.fail('command', 'a program and its arguments are needed, such as ["/usr/local/bin/tell-ops", "--urgent"].');
  const name = program.trim();
  return [/[/\\]/.test(name) ? resolve(folder, name) : name, ...(words as string[])];
}

function attempt<T>(work: () => T, otherwise: (words: string) => never): T {
  try {
    return work();
  } catch (error) {
    return otherwise(error instanceof Error ? error.message : String(error));
  }
}
