import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Service } from '../../src/sandbox/faults.ts';
import { livedIn, state, withoutReasons } from '../companion/crash-town.ts';
import { Town } from '../companion/town.ts';
import { LONG, progress } from '../long.ts';
import { configFile, SECRETS } from './told.ts';

/**
 * The command killed by the machine: SIGKILL at a request, before the service does its work or after it. Unlike a run
 * that ends by an error (test/companion/crash.test.ts) it closes nothing behind it: neither lock nor store.
 */

/** Where a run is killed: at so many requests to a service, and on which side of the work. */
interface Kill {
  readonly service: Service;
  readonly skip: number;
  readonly when: 'before' | 'after';
}

/** A town that is as good as any other, or one where so many opted out that they leave by bulk import. */
const TOWNS: Record<string, (town: Town) => Promise<unknown>> = {
  'a town': livedIn,
  'a crowd': async (town) => {
    town.sandbox.switches.importDelay = 0;
    for (let n = 0; n < 60; n++) town.plant(`p${n}`, { contacts: [true, false], lists: { News: 1 } });
    await town.night({ dryRun: true });
  },
};

/** A town whose services listen, from the first night on: the account is known by its address. */
async function inTown<T>(
  prepare: (town: Town) => Promise<unknown>,
  work: (night: (kill?: Kill) => Promise<number | string | null>, town: Town) => Promise<T>,
) {
  const town = new Town();
  const running = await town.sandbox.listen();
  town.config = town.configured({ activecampaign: { url: running.activecampaignUrl } });
  const file = configFile(town, running, { caps: { optOut: 'none', optIn: 'none' } });

  /** Runs the command once, and kills it. How it ended: an exit code, or a signal. */
  const night = async (kill?: Kill) => {
    const child = spawn(process.execPath, ['src/cli/optbridge.ts', 'sync', '--config', file], {
      env: { ...process.env, ...SECRETS },
      stdio: 'ignore',
    });
    if (kill) town.sandbox.faults.add({ ...kill, times: 1, kind: 'run', run: () => void child.kill('SIGKILL') });
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    town.sandbox.faults.clear();
    return signal ?? code;
  };
  try {
    await prepare(town);
    return await work(night, town);
  } finally {
    await running.close();
    town.dispose();
  }
}

describe.each(Object.entries(TOWNS).slice(0, LONG ? 2 : 1))(
  'the command, killed by the machine in %s',
  (_, prepare) => {
    const moment = LONG ? 'at every request' : 'at a request in the middle';
    it(`${moment} and run again, ends where one run ends`, { timeout: 3_600_000 }, async () => {
      const { expected, ...calls } = await inTown(prepare, async (night, town) => {
        town.sandbox.requests.reset();
        expect(await night()).toBe(0);
        const made = (service: Service) => town.sandbox.requests.of(service).length;
        return {
          expected: withoutReasons(state(town)),
          salesforce: made('salesforce'),
          activecampaign: made('activecampaign'),
        };
      });
      const kills = (['salesforce', 'activecampaign'] as const).flatMap((service) =>
        (['before', 'after'] as const).flatMap((when) =>
          Array.from({ length: calls[service] }, (_, skip): Kill => ({ service, skip, when })),
        ),
      );
      const middle = kills.filter((kill) => kill.when === 'after' && kill.skip === calls[kill.service] - 2);
      for (const kill of LONG ? kills : middle.slice(0, 1))
        await inTown(prepare, async (night, town) => {
          const where = `${kill.when} request ${kill.skip + 1} of ${calls[kill.service]} to ${kill.service}`;
          expect(await night(kill), where).toBe('SIGKILL');
          expect(await night(), where).toBe(0);
          expect(withoutReasons(state(town)), where).toEqual(expected);
          progress(`SIGKILL ${where}`);
        });
    });
  },
);
