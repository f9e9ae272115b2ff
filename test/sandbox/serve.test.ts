import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import { notStarted, readOptions, serve } from '../../src/sandbox/serve.ts';

const started: ChildProcess[] = [];
const start = (...args: string[]) => {
  const child = spawn(process.execPath, ['src/sandbox/serve.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  return child;
};
const anyPort = ['--salesforce-port', '0', '--activecampaign-port', '0', '--https-port', '0'];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** What it printed, up to and with `sign`. The pipe stays open: a program may say more. */
function textUntil(child: ReturnType<typeof start>, sign: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      if (text.includes(sign)) resolve(text);
    });
    child.once('exit', () => reject(new Error(`it ended without "${sign}": ${text}`)));
  });
}

describe('npm run sandbox', () => {
  it('prints where it is with a configuration that works, and stops clean on SIGINT', async () => {
    const child = start('--people', '30', ...anyPort);
    const ended = once(child, 'exit');
    const text = await textUntil(child, 'Ctrl-C');
    const snippet = /^\{\n[\s\S]*?^\}$/m.exec(text)?.[0] ?? '';
    const config = JSON.parse(snippet) as { activecampaign: { url: string; key: string }; salesforce: { url: string } };
    const lists = await fetch(`${config.activecampaign.url}/api/3/lists`, {
      headers: { 'Api-Token': config.activecampaign.key },
    });
    expect(lists.status).toBe(200);
    expect((await fetch(`${config.salesforce.url}/services/data`)).status).toBe(200);
    expect(text).toContain('--ignore-certificate-errors-spki-list=');
    expect(text).toMatch(/acme\.lightning\.force\.com\/lightning\/r\/Contact\/003\w{15}\/view/);
    expect(text).toContain(CREDENTIALS.salesforce.extensionClientId);
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  });

  it('says what it does not understand, with exit code 2', async () => {
    const child = start('--people', 'many');
    const ended = once(child, 'exit');
    expect(await textUntil(child, 'Usage')).toContain('--people wants a whole number, not "many"');
    expect(await ended).toEqual([2, null]);
  });

  it('names the options for other ports where one is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const told = await serve(['--people', '0', ...anyPort, '--salesforce-port', String(port)], () => undefined).catch(
      notStarted,
    );
    other.close();
    expect(told).toContain(`Port ${port} is in use, most likely by a sandbox that is up already.`);
    for (const name of ['salesforce', 'activecampaign', 'https']) expect(told).toContain(`--${name}-port 0`);
  });

  it('has defaults', () => {
    expect(readOptions([])).toMatchObject({ seed: 1, people: 1_000, https: true, rateLimit: true });
    expect(readOptions(['--no-https', '--no-rate-limit'])).toMatchObject({ https: false, rateLimit: false });
    expect(() => readOptions(['--colour', 'red'])).toThrow();
  });
});
