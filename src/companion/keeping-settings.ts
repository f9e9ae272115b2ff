import { resolve } from 'node:path';
import { type ConfigReader, kindOf, type Readings } from './config-reader.ts';

/** What is kept of the runs, where and for how long. */
export interface KeepingSettings {
  readonly report: {
    /** Absolute path of the folder for one page per run; null for none. */
    readonly dir: string | null;
    /** How many pages stay there. */
    readonly keep: number;
  };
  readonly retention: {
    /** Days after which the audit forgets whom a row was about; null for never. */
    readonly audit: number | null;
    /** Days after which it is forgotten what the runs decided about whom, and whom their reports name. */
    readonly decisions: number;
  };
}

const DEFAULT_KEEP = 60;
const DEFAULT_DECISION_DAYS = 90;
/** A hundred years. What is longer has no date to count back to. */
const MOST = 36_500;
/** Below this a run that was cut off and went on could not find its own rows any more. */
const FEWEST_AUDIT_DAYS = 30;

/** Reads `report` and `retention`, both optional. */
export function keepingOf(root: ConfigReader, folder: string): Readings<KeepingSettings> {
  return {
    report: () => reportOf(root.optionalObject('report'), folder),
    retention: () => retentionOf(root.optionalObject('retention')),
  };
}

function reportOf(reader: ConfigReader, folder: string): KeepingSettings['report'] {
  return reader.all<KeepingSettings['report']>({
    dir: () => (reader.value('dir') === undefined ? null : resolve(folder, reader.text('dir'))),
    keep: () => wholeOf(reader, 'keep', DEFAULT_KEEP, 1),
  });
}

function retentionOf(reader: ConfigReader): KeepingSettings['retention'] {
  return reader.all<KeepingSettings['retention']>({
    audit: () =>
      (reader.value('audit') ?? 'forever') === 'forever'
        ? null
        : wholeOf(reader, 'audit', 0, FEWEST_AUDIT_DAYS, ', or "forever"'),
    decisions: () => wholeOf(reader, 'decisions', DEFAULT_DECISION_DAYS, 1),
  });
}

function wholeOf(reader: ConfigReader, key: string, fallback: number, least: number, or = ''): number {
  const value = reader.value(key) ?? fallback;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > MOST)
    reader.fail(
      key,
      `a whole number${key === 'keep' ? '' : ' of days'} from ${least} to ${MOST} is needed${or}; this is ${kindOf(value)}.`,
    );
  return value;
}
