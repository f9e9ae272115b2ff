import { mkdirSync, rmSync } from 'node:fs';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { executablePath } from '../e2e/browser.ts';
import { pathOf, startWorld, truthOf, type World } from '../e2e/world.ts';
import { lookAfterTheNight, lookInTheDark, openAndSignIn, optOut, SHOTS, saidBy, setUp } from './day.ts';
import { CONFIG, FOLDER, type Kept, lastRun, STORE, sync, writeConfig } from './night.ts';
import type { Started } from './started.ts';
import * as texts from './texts.ts';
import { backlogOf, changesBetween, isOptOut, pictureOf } from './truth.ts';

/** A step went wrong; the message is the whole story. */
export class StepFailed extends Error {}

/** The demo, from the first step to the last. Everything that it says is checked against the sandbox's own state. */
export class Play {
  readonly #started: Started;
  readonly #tell: (text: string) => void;
  readonly #clock: () => number;
  #world: World | undefined;
  #steps = 0;

  constructor(started: Started, tell: (text: string) => void, clock: () => number) {
    this.#started = started;
    this.#tell = tell;
    this.#clock = clock;
  }

  /**
   * Plays all of it; rejects with `StepFailed` at the first thing that is not as said. Resolves with what somebody who
   * wants to go on playing needs to know.
   */
  async run(): Promise<string> {
    const began = this.#clock();
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER);
    const { world, windowed } = await this.#step(texts.STEPS.start, () => this.#start());
    const { sandbox } = world;
    const [ann, ben] = [sandbox.character('ann'), sandbox.character('ben')];
    const nameOf = ({ firstName, lastName }: typeof ann) => `${firstName} ${lastName}`;

    await this.#step(texts.STEPS.setUp, async () => this.#tell(texts.SET_UP(await setUp(world))));
    const page = await this.#step(texts.STEPS.open(nameOf(ann)), async () => {
      const page = await openAndSignIn(world, ann);
      this.#tell(texts.OPENED(await saidBy(page)));
      return page;
    });
    await this.#step(texts.STEPS.optOut(nameOf(ann)), async () => {
      const before = { picture: pictureOf(sandbox), truth: truthOf(world, ann) };
      const took = await optOut(page, this.#clock);
      const after = { picture: pictureOf(sandbox), truth: truthOf(world, ann) };
      const { boxes, statuses, owners } = after.truth;
      check(!boxes.includes(false) && !statuses.includes(1), texts.NOT_OUT);
      check(owners.join() === before.truth.owners.join(), texts.OWNER_CHANGED);
      const others = changesBetween(before.picture, after.picture).filter(({ spot }) => spot.address !== ann.address);
      check(others.length === 0, texts.WROTE(others.length));
      const hers = [...after.picture].filter(([, { address }]) => address === ann.address);
      this.#tell(
        texts.OPTED_OUT(
          took,
          hers.map(([key, spot]) => ({ spot, was: before.picture.get(key)?.value })),
        ),
      );
      await lookInTheDark(page);
    });

    writeConfig(world.running);
    await this.#step(texts.STEPS.dryRun, () => this.#idle(sandbox, texts.DRY_RUN_DONE, '--dry-run'));
    const night = await this.#step(texts.STEPS.night, () => this.#night(sandbox));
    await this.#step(texts.STEPS.again, () => this.#idle(sandbox, texts.AGAIN_DONE));
    await this.#step(texts.STEPS.look(nameOf(ben)), async () =>
      this.#tell(texts.LOOKED(await lookAfterTheNight(world, ben))),
    );

    const { failed: _, ...shots } = SHOTS;
    const files = { shots: Object.values(shots), config: CONFIG, store: STORE };
    this.#tell(texts.SUMMARY(this.#clock() - began, nameOf(ann), night, files));
    return texts.KEPT(
      {
        ...CREDENTIALS.salesforce,
        key: CREDENTIALS.activecampaign.key,
        salesforce: world.running.salesforceUrl,
        activecampaign: world.running.activecampaignUrl,
        page: world.running.salesforceUrl + pathOf(sandbox.character('jack').leadRecord),
        config: CONFIG,
      },
      windowed,
    );
  }

  async #step<T>(title: string, act: () => Promise<T>): Promise<T> {
    this.#steps += 1;
    this.#tell(texts.STEP(this.#steps, title));
    try {
      return await act();
    } catch (cause) {
      const shot = await this.#world?.context
        .pages()
        .at(-1)
        ?.screenshot({ path: SHOTS.failed, timeout: 3_000 })
        .then(
          () => SHOTS.failed,
          () => undefined,
        );
      throw new StepFailed(texts.FAILED(this.#steps, title, plain(cause), shot), { cause });
    }
  }

  /** Starts the sandbox and the browser: in a window, slowly enough to be followed, where there is a display. */
  async #start(): Promise<{ readonly world: World; readonly windowed: boolean }> {
    const opened = await this.#open();
    const { sandbox } = opened.world;
    const records = sandbox.org.all('Contact').length + sandbox.org.all('Lead').length;
    this.#tell(texts.STARTED(sandbox.people.length, records, sandbox.account.contacts.length, opened.windowed));
    this.#world = opened.world;
    return opened;
  }

  async #open(): Promise<{ readonly world: World; readonly windowed: boolean }> {
    const { platform, env } = process;
    if (platform === 'darwin' || platform === 'win32' || env.DISPLAY || env.WAYLAND_DISPLAY)
      try {
        return { world: await this.#launch(false), windowed: true };
      } catch (cause) {
        if (!isLaunch(cause)) throw cause;
        this.#tell(texts.NO_WINDOW);
      }
    return { world: await this.#launch(true), windowed: false };
  }

  /** Signals are the demo's business: Playwright would end the process in the middle of our own stopping. */
  #launch(headless: boolean): Promise<World> {
    const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
    const look = headless ? {} : { slowMo: 400, viewport: null };
    const launch = { headless, ...look, ...signals };
    const world = startWorld({ people: 1_000, http: true, launch });
    this.#started.add(world, ({ close }) => close());
    return world;
  }

  async #sync(...options: string[]): Promise<void> {
    const command = sync(options, this.#tell);
    this.#started.add(command, ({ stop }) => stop());
    await command.done;
  }

  /** Runs the command, which must write nothing. */
  async #idle(sandbox: Sandbox, words: string, ...options: string[]): Promise<void> {
    const before = pictureOf(sandbox);
    await this.#sync(...options);
    const changes = changesBetween(before, pictureOf(sandbox));
    check(changes.length === 0, texts.WROTE(changes.length));
    this.#tell(words);
  }

  /** A night with work to do. */
  async #night(sandbox: Sandbox): Promise<Kept> {
    const before = { picture: pictureOf(sandbox), backlog: backlogOf(sandbox) };
    await this.#sync();
    const changes = changesBetween(before.picture, pictureOf(sandbox));
    const backlog = backlogOf(sandbox);
    const odd = changes.find((change) => !isOptOut(change));
    check(odd === undefined, texts.NO_OPT_OUT(odd?.spot.name ?? ''));
    const left = backlog.stillMailed + backlog.halfSet + backlog.notTold;
    check(left === 0, texts.NOT_SETTLED(left));
    const report = lastRun();
    const people = new Set(changes.map(({ spot }) => spot.address)).size;
    check(people > 0 && people === report.counts.optOuts, texts.REPORT_DIFFERS(people, report.counts.optOuts));
    this.#tell(texts.NIGHT_DONE(changes, before.backlog, backlog));
    return report;
  }
}

function check(holds: boolean, words: string): void {
  if (!holds) throw new Error(words);
}

/** Whether it is the browser that did not start. */
function isLaunch(cause: unknown): boolean {
  return cause instanceof Error && cause.message.startsWith('browserType.launch');
}

/** What went wrong, for people: a browser's complaint goes on with its log of the call. */
function plain(cause: unknown): string {
  if (isLaunch(cause)) return texts.NO_BROWSER(executablePath());
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
}
