import type { AcContactPage, AcList, ActiveCampaign } from '../../activecampaign/activecampaign.ts';
import type { Survey } from '../../activecampaign/survey.ts';
import { DEFAULT_QUALIFYING_TAGS } from '../../consent/facts.ts';
import type { JsforceSalesforce } from '../../salesforce/jsforce.ts';
import {
  liveCondition,
  OBJECTS,
  type ObjectDescription,
  type PersonObject,
  soqlString,
} from '../../salesforce/salesforce.ts';
import type { Config } from '../config.ts';
import type { Identity } from '../identity.ts';
import { nightsOf } from '../nights.ts';
import { createAsker } from './asker.ts';
import { assignmentFindings } from './assignment.ts';
import { budgetFindings } from './budget.ts';
import { type ClockFacts, clockFinding } from './clock.ts';
import { keyFindings } from './contacts.ts';
import { fieldFindings, type ObjectFacts, peopleFindings, type RecordCounts } from './fields.ts';
import { type Answer, answered, type Finding } from './finding.ts';
import { historyFindings } from './history.ts';
import { listFindings } from './lists.ts';
import { lookAtStore } from './look-at-store.ts';
import { paceFinding } from './pace.ts';
import { LATE, type ScheduleFacts, scheduleFindings } from './schedule.ts';
import { signInFindings } from './sign-in.ts';
import { sourceFindings } from './sources.ts';
import { type StoreFacts, storeFindings } from './store.ts';
import { LATELY_DAYS, type TagFacts, tagFindings } from './tags.ts';
import { toldFindings } from './told.ts';

export interface DoctorSurroundings {
  readonly config: Config;
  readonly salesforce: JsforceSalesforce;
  readonly activecampaign: ActiveCampaign;
  readonly survey: Survey;
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly now: () => number;
}

/** Looks at every prerequisite of a run. Writes nothing, anywhere, and never rejects for what a service does. */
export async function examine(surroundings: DoctorSurroundings): Promise<Finding[]> {
  const { config, now } = surroundings;
  const store = lookAtStore(config.store);
  const [org, account] = await Promise.all([examineOrg(surroundings), examineAccount(surroundings)]);
  return [
    ...org.findings,
    ...account.findings,
    clockFinding('Salesforce', org.clock, config.salesforce.auth.kind === 'jwt' ? 'assertions' : 'nothing'),
    clockFinding('ActiveCampaign', account.clock, 'nothing'),
    ...scheduleFindings(scheduleFacts(config, store, now())),
    ...toldFindings(config),
    ...storeFindings(store, identityOf(config, org, account), now()),
  ];
}

function scheduleFacts(config: Config, store: StoreFacts, now: number): ScheduleFacts {
  const { cron, timeZone } = config.schedule;
  const nights = nightsOf(cron, timeZone);
  const lastRun = store.contents?.lastRun;
  return {
    enabled: config.nightly.enabled,
    cron,
    timeZone,
    next: nights.next(now),
    last: nights.last(now - LATE),
    lastRunAt: lastRun && Date.parse(lastRun.startedAt),
  };
}

interface Org {
  readonly findings: readonly Finding[];
  readonly clock: ClockFacts;
  readonly identity: Answer<{ readonly organization: string; readonly user: string }>;
}

async function examineOrg({ config, salesforce, now }: DoctorSurroundings): Promise<Org> {
  const field = config.salesforce.optOutField;
  const asker = createAsker();
  const before = now();
  const version = await asker.ask(() => salesforce.version());
  const clock = { before, after: now(), service: salesforce.serverTime };
  const token = await asker.ask(async () => {
    await salesforce.connection();
    return true as const;
  });
  if (!('value' in token)) asker.stop('the sign-in failed');
  const identity = await asker.ask(() => salesforce.identity());
  const objects: ObjectFacts[] = [];
  for (const object of OBJECTS) {
    const description = await asker.ask(() => salesforce.describe(object));
    const counts = countable(description, field)
      ? await asker.ask(() => countsOf(salesforce, object, field))
      : { skipped: 'a field is missing' };
    objects.push({ object, description, counts });
  }
  const histories: { object: PersonObject; answer: Answer<boolean> }[] = [];
  for (const object of OBJECTS)
    histories.push({ object, answer: await asker.ask(() => hasHistory(salesforce, object, field)) });
  const rules = await asker.ask(async () => {
    const soql = "SELECT Name FROM AssignmentRule WHERE SobjectType = 'Lead' AND Active = true";
    const names: string[] = [];
    for await (const rows of salesforce.query(soql)) names.push(...rows.map((row) => String(row.Name)));
    return names;
  });
  const counts = objects.map((object) => object.counts);
  const answers = [...objects.map((object) => object.description), ...counts, rules];
  return {
    findings: [
      ...signInFindings({ version, token, identity, kind: config.salesforce.auth.kind }),
      ...objects.flatMap((object) => fieldFindings(object, field)),
      ...peopleFindings(objects),
      ...historyFindings(field, histories),
      ...assignmentFindings(rules),
      ...budgetFindings({ dailyCalls: salesforce.dailyCalls, counts, answers }),
    ],
    clock,
    identity,
  };
}

/** Without the field the query would fail for a reason that is known already. */
function countable(description: Answer<ObjectDescription>, field: string): boolean {
  const { fields } = answered(description) ?? {};
  return fields?.get(field)?.type === 'boolean' && fields.has('Email');
}

async function hasHistory(salesforce: JsforceSalesforce, object: PersonObject, field: string): Promise<boolean> {
  const soql = `SELECT Id FROM ${object}History WHERE Field = ${soqlString(field)} LIMIT 1`;
  for await (const rows of salesforce.query(soql)) if (rows.length > 0) return true;
  return false;
}

async function countsOf(
  salesforce: JsforceSalesforce,
  object: 'Contact' | 'Lead',
  field: string,
): Promise<RecordCounts> {
  const live = `Email != null${liveCondition(object)}`;
  const count = async (condition: string): Promise<number> => {
    for await (const [row] of salesforce.query(`SELECT COUNT(Id) n FROM ${object} WHERE ${condition}`))
      if (typeof row?.n === 'number') return row.n;
    throw new Error('the reply lacks the count');
  };
  return { withAddress: await count(live), set: await count(`${live} AND ${field} = true`) };
}

interface Account {
  readonly findings: readonly Finding[];
  readonly clock: ClockFacts;
  readonly me: Answer<{ readonly id: string; readonly username: string }>;
  readonly lists: Answer<readonly AcList[]>;
}

async function examineAccount({ config, activecampaign: ac, survey, now }: DoctorSurroundings): Promise<Account> {
  const asker = createAsker();
  const before = now();
  const me = await asker.ask(() => ac.me());
  const clock = { before, after: now(), service: ac.serverTime };
  if ('trouble' in me && (me.trouble.kind === 'unauthorised' || me.trouble.kind === 'forbidden'))
    asker.stop(me.trouble.unpaid ? 'the account is suspended or unpaid' : 'the key was refused');
  const lists = await asker.ask(() => ac.lists());
  const sample = await asker.ask(() => firstPage(ac));
  const { qualifyingTags } = config.activecampaign;
  const known: readonly string[] = DEFAULT_QUALIFYING_TAGS;
  // By the account's own clock, as far as it is known.
  const lately = (ac.serverTime ?? now()) - LATELY_DAYS * 86_400_000;
  const tags: TagFacts[] = [];
  for (const name of new Set([...qualifyingTags, ...known])) {
    const tag = await asker.ask(() => survey.tag(name));
    const id = answered(tag)?.id;
    const official = known.includes(name);
    const changed: TagFacts['changed'] =
      id !== undefined && official
        ? await asker.ask(() => survey.changedSince(id, lately))
        : { skipped: 'there is nothing to look at' };
    tags.push({ name, qualifies: qualifyingTags.includes(name), official, tag, changed });
  }
  return {
    findings: [
      ...keyFindings({ me, sample }),
      paceFinding(config.activecampaign),
      ...listFindings({ lists, sample, wanted: config.activecampaign.lists }),
      ...sourceFindings({ sample, wanted: config.activecampaign.personSources }),
      ...tagFindings(tags, config.salesforce.optOutField),
    ],
    clock,
    me,
    lists,
  };
}

async function firstPage(ac: ActiveCampaign): Promise<AcContactPage | undefined> {
  for await (const page of ac.contacts()) return page;
  return undefined;
}

/** Who and what a run would work on now; undefined unless everybody said. */
function identityOf(config: Config, org: Org, account: Account): Identity | undefined {
  const who = answered(org.identity);
  const me = answered(account.me);
  const lists = answered(account.lists);
  if (!who || !me || !lists) return undefined;
  const email = lists.filter((list) => list.channel !== 'sms');
  return {
    organization: who.organization,
    salesforceUser: who.user,
    account: config.activecampaign.url,
    activecampaignUser: me.id,
    optOutField: config.salesforce.optOutField,
    scope: config.activecampaign.lists,
    qualifyingTags: [...config.activecampaign.qualifyingTags].sort(),
    lists: Object.fromEntries(email.map((list) => [list.id, list.name])),
  };
}
