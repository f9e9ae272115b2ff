import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../companion/config.ts';
import { type Channels, TOO_LONG } from '../companion/tell.ts';

const POST_TIMEOUT = 10_000;
const COMMAND_TIMEOUT = 60_000;

/**
 * How alerts get out: over the network, and through a program of the admin's.
 * @param env what the program finds in its environment
 */
export const channels = (env: NodeJS.ProcessEnv, commandTimeout = COMMAND_TIMEOUT): Channels => ({
  post: async (url, body) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      // The address is a secret: it goes to nobody but the host that it names.
      redirect: 'manual',
      signal: AbortSignal.timeout(POST_TIMEOUT),
    });
    await response.body?.cancel();
    return response.status;
  },
  execute: async ([program = '', ...words], input) => {
    // What it prints goes to stderr: with --json, stdout is for one object only.
    const child = spawn(program, words, {
      env,
      stdio: ['pipe', 2, 2],
      timeout: commandTimeout,
      killSignal: 'SIGKILL',
    });
    // A program may end without having read what it is given.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    if (code === null)
      throw Object.assign(new Error('killed'), { code: child.killed ? TOO_LONG : (signal ?? 'killed') });
    return code;
  },
  sleep: (ms) => sleep(ms),
});

/** The environment without the variables that hold a secret of the configuration: nobody who is told needs them. */
export function withoutSecrets(
  env: NodeJS.ProcessEnv,
  { salesforce, activecampaign, alerts }: Config,
): NodeJS.ProcessEnv {
  const { kind: _, ...auth } = salesforce.auth;
  const secrets = new Set<unknown>([...Object.values(auth), activecampaign.key, alerts.webhook]);
  return Object.fromEntries(
    Object.entries(env).filter(
      ([, value = '']) => !secrets.has(value.trim()) && !secrets.has(URL.parse(value.trim())?.href),
    ),
  );
}
