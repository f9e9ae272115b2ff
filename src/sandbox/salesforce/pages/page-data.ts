import { notFound } from '../errors.ts';
import { longId } from '../ids.ts';
import type { Org } from '../org.ts';
import type { FieldPath, QueryContext } from '../soql/fieldpath.ts';
import { fieldPath, visible } from '../soql/fieldpath.ts';
import type { Row } from '../table.ts';
import type { Card, Field, HomeView, Line, ListView, RecordView, Section } from './views.ts';

type Said = readonly [label: string, path: string];

const HIGHLIGHTS: Record<string, readonly Said[]> = {
  Contact: [
    ['Title', 'Title'],
    ['Account Name', 'Account.Name'],
    ['Phone', 'Phone'],
    ['Email', 'Email'],
    ['Contact Owner', 'Owner.Name'],
  ],
  Lead: [
    ['Title', 'Title'],
    ['Company', 'Company'],
    ['Phone', 'Phone'],
    ['Email', 'Email'],
    ['Lead Owner', 'Owner.Name'],
  ],
};

const DETAILS: Record<string, readonly (readonly [string, readonly Said[]])[]> = {
  Contact: [
    [
      'Contact Information',
      [
        ['Contact Owner', 'Owner.Name'],
        ['Phone', 'Phone'],
        ['Name', 'Name'],
        ['Mobile', 'MobilePhone'],
        ['Account Name', 'Account.Name'],
        ['Email', 'Email'],
        ['Title', 'Title'],
        ['Email Opt Out', 'HasOptedOutOfEmail'],
        ['Department', 'Department'],
        ['Do Not Call', 'DoNotCall'],
      ],
    ],
    [
      'Address Information',
      [
        ['Mailing Street', 'MailingStreet'],
        ['Mailing City', 'MailingCity'],
        ['Mailing Country', 'MailingCountry'],
        ['Lead Source', 'LeadSource'],
      ],
    ],
    [
      'System Information',
      [
        ['Created By', 'CreatedBy.Name'],
        ['Last Modified By', 'LastModifiedBy.Name'],
        ['Created Date', 'CreatedDate'],
        ['Last Modified Date', 'LastModifiedDate'],
      ],
    ],
  ],
  Lead: [
    [
      'Lead Information',
      [
        ['Lead Owner', 'Owner.Name'],
        ['Phone', 'Phone'],
        ['Name', 'Name'],
        ['Mobile', 'MobilePhone'],
        ['Company', 'Company'],
        ['Email', 'Email'],
        ['Title', 'Title'],
        ['Email Opt Out', 'HasOptedOutOfEmail'],
        ['Lead Status', 'Status'],
        ['Do Not Call', 'DoNotCall'],
        ['Lead Source', 'LeadSource'],
        ['Industry', 'Industry'],
      ],
    ],
    [
      'Address Information',
      [
        ['Street', 'Street'],
        ['City', 'City'],
        ['Country', 'Country'],
      ],
    ],
    [
      'System Information',
      [
        ['Created By', 'CreatedBy.Name'],
        ['Last Modified By', 'LastModifiedBy.Name'],
        ['Created Date', 'CreatedDate'],
        ['Last Modified Date', 'LastModifiedDate'],
      ],
    ],
  ],
};

/** Custom checkboxes an admin put on the layout follow the standard ones. */
function customFields(context: QueryContext, type: string): Said[] {
  return visible(context, context.org.table(type))
    .filter((f) => f.custom)
    .map((f) => [f.label, f.name]);
}

/** What the pages show, as one user may see it: a field hidden from him is not on the page. */
export class PageData {
  readonly #org: Org;
  readonly #viewer: () => string;

  constructor(org: Org, viewer: () => string) {
    this.#org = org;
    this.#viewer = viewer;
  }

  viewer(): { name: string; org: string } {
    const user = this.#org.get('User', this.#viewer());
    const org = this.#org.get('Organization', this.#org.id);
    return { name: String(user?.Name ?? ''), org: String(org?.Name ?? '') };
  }

  /** A Contact's or Lead's page; undefined for anything else and for deleted records. */
  record(id: string): RecordView | undefined {
    const type = this.#org.typeOf(id);
    if (type !== 'Contact' && type !== 'Lead') return undefined;
    const row = this.#org.get(type, id);
    if (row === undefined || row.IsDeleted === true) return undefined;
    const sections = (DETAILS[type] ?? []).map(([title, said], i): Section => {
      const all = i === 0 ? [...said, ...customFields(this.#context(), type)] : said;
      return { title, fields: this.#fields(type, row, all) };
    });
    return {
      kind: 'record',
      object: type,
      id: longId(id),
      name: [row.Salutation, row.Name].filter((part) => typeof part === 'string').join(' '),
      highlights: this.#fields(type, row, HIGHLIGHTS[type] ?? []),
      sections,
      cards: [this.#colleagues(type, row), this.#sameAddress(row), { title: 'Campaign History', lines: [] }],
      converted: row.IsConverted === true,
    };
  }

  list(object: string): ListView | undefined {
    if (object !== 'Contact' && object !== 'Lead') return undefined;
    const said: readonly Said[] = [
      ['Name', 'Name'],
      object === 'Contact' ? ['Account Name', 'Account.Name'] : ['Company', 'Company'],
      ['Phone', 'Phone'],
      ['Email', 'Email'],
      ['Owner', 'Owner.Name'],
    ];
    const rows = this.#org.all(object).filter((row) => row.IsConverted !== true);
    return {
      kind: 'list',
      object,
      total: rows.length,
      rows: rows.slice(0, 50).map((row) => ({ id: String(row.Id), fields: this.#fields(object, row, said) })),
    };
  }

  home(): HomeView {
    const recent = (type: 'Contact' | 'Lead'): Card => ({
      title: `Recent ${type}s`,
      lines: this.#org
        .all(type)
        .filter((row) => row.IsConverted !== true)
        .slice(0, 6)
        .map((row) => this.#line(type, row)),
    });
    return { kind: 'home', name: this.viewer().name, cards: [recent('Contact'), recent('Lead')] };
  }

  /** What the viewer saved in the edit dialog; lead assignment runs only when a box on that dialog says so. */
  save(id: string, values: Readonly<Record<string, unknown>>): void {
    const type = this.#org.typeOf(id);
    if (type === undefined) throw notFound();
    this.#org.update(type, id, values, { user: this.#viewer(), autoAssign: false });
  }

  #context(): QueryContext {
    return { org: this.#org, user: this.#viewer(), soql: '', now: this.#org.clock() };
  }

  /** The fields the viewer may see, with what they hold. */
  #fields(type: string, row: Readonly<Row>, said: readonly Said[]): Field[] {
    const context = this.#context();
    const names = new Set(visible(context, this.#org.table(type)).map((f) => f.name));
    return said.flatMap(([label, path]) => {
      const steps = path.split('.');
      if (steps.length === 1 && !names.has(path)) return [];
      const at = fieldPath(context, this.#org.table(type), steps);
      const own = steps.length === 1 && at.field.updateable;
      const editable = own && this.#org.access.field(this.#viewer(), type, at.field) === 'edit';
      return [{ name: `${type}.${path}`, label, type: at.field.type, value: shown(at, row), editable }];
    });
  }

  #line(type: 'Contact' | 'Lead', row: Readonly<Row>): Line {
    const account = this.#org.get('Account', String(row.AccountId ?? ''))?.Name;
    const company = type === 'Contact' ? account : row.Company;
    const about = [row.Title, company].filter((part) => typeof part === 'string').join(', ');
    const [field] = this.#fields(type, row, [['Email', 'Email']]);
    const email = typeof field?.value === 'string' ? field.value : null;
    return { id: String(row.Id), object: type, name: String(row.Name), about, email };
  }

  #colleagues(type: 'Contact' | 'Lead', row: Readonly<Row>): Card {
    const contacts = type === 'Contact' && typeof row.AccountId === 'string';
    const company = contacts ? this.#org.get('Account', String(row.AccountId))?.Name : row.Company;
    const rows = contacts
      ? (this.#org.table('Contact').having('AccountId', [row.AccountId ?? null]) ?? [])
      : this.#org.all('Lead').filter((other) => other.Company === row.Company && row.Company !== undefined);
    const others = rows.filter(
      (other) => other.Id !== row.Id && other.IsDeleted !== true && other.IsConverted !== true,
    );
    return {
      title: `${contacts ? 'Contacts' : 'Leads'} at ${String(company ?? 'the same company')}`,
      lines: others.slice(0, 5).map((other) => this.#line(contacts ? 'Contact' : 'Lead', other)),
    };
  }

  #sameAddress(row: Readonly<Row>): Card {
    const found = (['Contact', 'Lead'] as const).flatMap((type) =>
      (typeof row.Email === 'string' ? (this.#org.table(type).having('Email', [row.Email]) ?? []) : [])
        .filter((other) => other.Id !== row.Id && other.IsDeleted !== true && other.IsConverted !== true)
        .map((other) => this.#line(type, other)),
    );
    return { title: 'Potential Duplicates', lines: found.slice(0, 5) };
  }
}

/** As text on the page; checkboxes stay what they are. */
function shown(path: FieldPath, row: Readonly<Row>): string | boolean | null {
  const value = path.read(row);
  if (typeof value === 'boolean' || value === null) return value;
  if (path.field.type === 'datetime') {
    return new Date(Number(value)).toLocaleString('en-US', {
      dateStyle: 'short',
      timeStyle: 'short',
      timeZone: 'America/Los_Angeles',
    });
  }
  return String(value);
}
