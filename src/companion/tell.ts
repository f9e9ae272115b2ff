import type { Alert } from './alerts.ts';
import type { AlertSettings } from './unattended-settings.ts';

/** How an alert gets out of the house. */
export interface Channels {
  /** Posts JSON. Gives the HTTP status; rejects when there is no answer. */
  readonly post: (url: string, body: string) => Promise<number>;
  /**
   * Runs a program with a text on its stdin. Gives its exit code; rejects when it cannot be started, or is killed: with
   * `TOO_LONG` as the error's code, because it took too long.
   */
  readonly execute: (command: readonly string[], input: string) => Promise<number>;
  readonly sleep: (ms: number) => Promise<void>;
}

export const TOO_LONG = 'ETIMEDOUT';

const OUT_OF_REACH = 'Look at the network here, and at the address.';
const WRONG_ADDRESS = 'Copy the address anew from the chat tool.';
/** The address is a secret: it goes to nobody but the host that it names. */
const NOT_FOLLOWED = 'A redirect is not followed, because the address is a secret: name the one that it leads to.';

/** Before the second and the third try, in milliseconds. */
const PAUSES = [2000, 10_000];

/**
 * Tells everybody who is to be told. Never rejects: what could not be told comes back in words, without the address of
 * the webhook, which is a secret.
 * @param summary what the command gets beside the alert; it stays on this machine
 */
export async function tell(
  alert: Alert,
  summary: object,
  settings: AlertSettings,
  channels: Channels,
): Promise<string[]> {
  const problems: string[] = [];
  const { webhook, command } = settings;
  if (webhook !== null) {
    const problem = await postPatiently(webhook, JSON.stringify({ text: alert.text }), channels);
    if (problem !== null) problems.push(`alerts.webhook: ${problem}`);
  }
  if (command !== null) {
    const problem = await run(command, `${JSON.stringify({ alert, ...summary })}\n`, channels);
    if (problem !== null) problems.push(`alerts.command: ${problem}`);
  }
  return problems;
}

/** How it went to tell somebody once. */
export interface Tried {
  readonly via: keyof AlertSettings;
  readonly told: boolean;
  /** What was answered, or what is wrong and what to do; never the address of the webhook. */
  readonly words: string;
}

/** Tells everybody who is to be told, each once and without another try: for somebody who waits to see how it goes. */
export async function tryOut(
  alert: Alert,
  summary: object,
  { webhook, command }: AlertSettings,
  channels: Channels,
): Promise<Tried[]> {
  const tried: Tried[] = [];
  if (webhook !== null) {
    const { problem, passing } = await postOnce(webhook, JSON.stringify({ text: alert.text }), channels);
    const words = problem === null ? 'the address took it' : passing ? `${problem}. ${OUT_OF_REACH}` : problem;
    tried.push({ via: 'webhook', told: problem === null, words });
  }
  if (command !== null) {
    const problem = await run(command, `${JSON.stringify({ alert, ...summary })}\n`, channels);
    tried.push({ via: 'command', told: problem === null, words: problem ?? `${command[0]} exited with 0` });
  }
  return tried;
}

async function postPatiently(url: string, body: string, channels: Channels): Promise<string | null> {
  for (let attempt = 0; ; attempt++) {
    const { problem, passing } = await postOnce(url, body, channels);
    const pause = PAUSES[attempt];
    if (problem === null || !passing) return problem;
    if (pause === undefined) return `${problem}, ${PAUSES.length + 1} times. ${OUT_OF_REACH}`;
    await channels.sleep(pause);
  }
}

async function postOnce(
  url: string,
  body: string,
  channels: Channels,
): Promise<{ problem: string | null; passing: boolean }> {
  try {
    const status = await channels.post(url, body);
    if (status >= 200 && status < 300) return { problem: null, passing: false };
    const passing = status === 429 || status >= 500;
    const remedy = status >= 300 && status < 400 ? NOT_FOLLOWED : WRONG_ADDRESS;
    return { problem: `it answered ${status}${passing ? '' : `. ${remedy}`}`, passing };
  } catch (error) {
    return { problem: `it could not be reached (${codeOf(error)})`, passing: true };
  }
}

async function run(command: readonly string[], input: string, channels: Channels): Promise<string | null> {
  try {
    const code = await channels.execute(command, input);
    return code === 0 ? null : `${command[0]} exited with ${code}. What it printed says why.`;
  } catch (error) {
    const why = codeOf(error);
    if (why === TOO_LONG) return `${command[0]} did not end in time and was stopped. Let it end within a minute.`;
    return `${command[0]} could not be run (${why}). Look whether it is there, and whether this user may run it.`;
  }
}

/** A code such as ECONNREFUSED, never a message: Node's may quote the address. */
function codeOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string') return at.code;
  return error instanceof Error ? error.name : 'no answer';
}
