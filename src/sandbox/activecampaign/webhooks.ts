import type { Account, AccountEvent } from './account.ts';
import type { Source } from './rows.ts';
import { stamp } from './stamps.ts';

/** A hook that somebody registered. */
export interface WebhookRow {
  readonly id: string;
  name: string;
  url: string;
  events: readonly string[];
  sources: readonly string[];
  /** `0` for all lists. */
  listid: string;
  readonly createdAt: number;
  /** When a 410 switched it off for good; null while it is on. */
  deactivatedAt: number | null;
}

/** How webhooks leave the sandbox. */
export type Deliver = (request: Request) => Promise<Response>;

/**
 * The hooks of an account. Each event is posted once (twice with the switch), form-encoded; a failure is never tried
 * again, a 410 switches the hook off (facts section 7). Without `deliver` nothing leaves.
 */
export class Webhooks {
  readonly rows = new Map<string, WebhookRow>();
  readonly #account: Account;
  readonly #deliver: Deliver | undefined;
  #underway: Promise<void>[] = [];
  #lastId = 0;

  constructor(account: Account, deliver?: Deliver) {
    this.#account = account;
    this.#deliver = deliver;
    account.onEvent((event) => this.#happened(event));
  }

  add(hook: Pick<WebhookRow, 'name' | 'url' | 'events' | 'sources' | 'listid'>): WebhookRow {
    const row = { ...hook, id: String(++this.#lastId), createdAt: this.#account.clock.now(), deactivatedAt: null };
    this.rows.set(row.id, row);
    return row;
  }

  /** Resolves when all posts that are under way have been answered or have failed. */
  async settled(): Promise<void> {
    while (this.#underway.length > 0) await Promise.all(this.#underway.splice(0));
  }

  #happened(event: AccountEvent): void {
    const deliver = this.#deliver;
    if (!deliver) return;
    for (const hook of this.rows.values()) {
      if (hook.deactivatedAt !== null || !hook.events.includes(event.type)) continue;
      if (!hook.sources.includes(event.source)) continue;
      if (hook.listid !== '0' && event.list !== undefined && hook.listid !== event.list) continue;
      const form = formOf(this.#account, event);
      const posts = this.#account.switches.webhooksTwice ? 2 : 1;
      for (let post = 0; post < posts; post++) this.#underway.push(this.#post(hook, form, deliver));
    }
  }

  async #post(hook: WebhookRow, form: URLSearchParams, deliver: Deliver): Promise<void> {
    try {
      const answer = await deliver(new Request(hook.url, { method: 'POST', body: form }));
      if (answer.status === 410) hook.deactivatedAt ??= this.#account.clock.now();
    } catch {
      // Never tried again: a hook that is not there has missed the event for good.
    }
  }
}

/** The form of an event; PHP-style keys (facts section 7). */
function formOf(account: Account, event: AccountEvent): URLSearchParams {
  const { contact, list, bounce } = event;
  const by: Source = event.source;
  const form = new URLSearchParams({
    type: event.type,
    date_time: stamp(event.at),
    initiated_from: by,
    initiated_by: by,
  });
  if (event.type === 'unsubscribe' && by === 'public') form.set('list[][id]', list ?? '0');
  else form.set('list', list ?? '0');
  if (event.type === 'unsubscribe') {
    form.set('unsubscribe[reason]', event.reason ?? '');
    if (event.campaign !== undefined) form.set('campaign[id]', event.campaign);
    const active = [...contact.memberships.values()].filter(({ status }) => status === 1);
    for (const [index, { list }] of active.entries()) form.set(`active_subscriptions[${index}]`, list);
  }
  if (bounce) {
    form.set('campaign[id]', bounce.campaign);
    form.set('bounce[type]', bounce.hard ? 'hard' : 'soft');
    form.set('bounce[code]', bounce.code);
    form.set('bounce[description]', bounce.reason);
  }
  if (event.tag !== undefined) form.set('tag', event.tag);
  const tags = [...contact.tags.keys()].flatMap((id) => account.tags.get(id)?.name ?? []);
  const block = {
    id: contact.id,
    email: contact.email,
    first_name: contact.firstName,
    last_name: contact.lastName,
    phone: contact.phone,
    tags: tags.join(', '),
    orgname: contact.organization,
    ip: '0.0.0.0',
  };
  for (const [name, value] of Object.entries(block)) form.set(`contact[${name}]`, value);
  for (const value of contact.fieldValues.values()) form.set(`contact[fields][${value.field}]`, value.value);
  form.set('orgname', contact.organization);
  return form;
}
