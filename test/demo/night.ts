import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Report } from '../../src/companion/report.ts';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import type { Running } from '../../src/sandbox/listen.ts';
import { COMMAND, COMMAND_FAILED } from './texts.ts';

/** Git-ignored; made anew by every demo. */
export const FOLDER = 'demo';
export const CONFIG = `${FOLDER}/optbridge.json`;
export const STORE = `${FOLDER}/optbridge.sqlite`;

/** What the store keeps of a run. */
export type Kept = Omit<Report, 'decisions'>;

/** Writes the configuration as an admin would, with the sandbox's addresses in it. Its secrets open nothing else. */
export function writeConfig({ salesforceUrl, activecampaignUrl }: Running): void {
  const { clientId, clientSecret } = CREDENTIALS.salesforce;
  const config = {
    salesforce: {
      url: salesforceUrl,
      optOutField: 'HasOptedOutOfEmail',
      auth: { kind: 'client-credentials', clientId, clientSecret },
    },
    activecampaign: { url: activecampaignUrl, key: CREDENTIALS.activecampaign.key, requestsPerSecond: 4, lists: 'all' },
    caps: { optOut: '10%', optIn: '1%' },
    store: './optbridge.sqlite',
  };
  writeFileSync(CONFIG, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
}

/** A command that is running. */
export interface Command {
  /** Resolves when it ended with exit code 0, rejects otherwise. */
  readonly done: Promise<void>;
  /** Ends it, and resolves when its process is gone. */
  stop(): Promise<void>;
}

/** Starts `optbridge sync` as a process of its own; its words and its progress go where ours go. */
export function sync(options: readonly string[], tell: (text: string) => void): Command {
  const args = ['sync', '--config', CONFIG, ...options];
  tell(COMMAND(args));
  const child = spawn(process.execPath, ['src/cli/optbridge.ts', ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = once(child, 'exit');
  return {
    done: ended.then(([code, signal]) => {
      if (code !== 0) throw new Error(COMMAND_FAILED(args, code ?? signal));
    }),
    stop: () => stop(child, ended),
  };
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await ended;
}

/** What the last run wrote into the store about itself. */
export function lastRun(): Kept {
  const db = new DatabaseSync(STORE, { readOnly: true });
  try {
    const row = db.prepare('SELECT summary FROM runs ORDER BY started_at DESC LIMIT 1').get();
    return JSON.parse(String(row?.summary)) as Kept;
  } finally {
    db.close();
  }
}
