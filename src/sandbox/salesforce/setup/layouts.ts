import { SalesforceError } from '../errors.ts';
import { IdSource } from '../ids.ts';
import { type Element, named, parseXml, textOf, xmlText } from './xml.ts';

export interface Layout {
  readonly id: string;
  readonly object: string;
  /** As `listMetadata` has it: `Contact-Contact Layout`, what is special in it as `%28`, a package's prefix left out. */
  readonly fullName: string;
  readonly namespace: string | null;
  /** All below `<fullName>`, as XML. */
  body: string;
}

const refuse = (message: string) => new SalesforceError(400, 'FIELD_INTEGRITY_EXCEPTION', message);

/** Page layouts, as the Metadata API has them: whole documents (DOC:metadata-api/layout). */
export class Layouts {
  readonly all: Layout[] = [];
  readonly #ids = new IdSource();
  readonly #hasField: (object: string, field: string) => boolean;

  constructor(hasField: (object: string, field: string) => boolean) {
    this.#hasField = hasField;
    this.add('Contact', 'Contact Layout');
    this.add('Lead', 'Lead Layout');
  }

  /** Adds a layout as a new org has it; `body` is all below its name. */
  add(object: string, name: string, said: { readonly namespace?: string; readonly body?: string } = {}): Layout {
    const fullName = `${object}-${encoded(name)}`;
    const layout = {
      id: this.#ids.next('00h'),
      object,
      fullName,
      namespace: said.namespace ?? null,
      body: said.body ?? usualBody(object),
    };
    this.all.push(layout);
    return layout;
  }

  /** A layout by the name that `readMetadata` takes: a package's needs its prefix, which the list leaves out. */
  named(name: string): Layout | undefined {
    return this.all.find(({ object, fullName, namespace }) => {
      if (namespace === null) return fullName === name;
      return `${object}-${namespace}__${fullName.slice(object.length + 1)}` === name;
    });
  }

  /** The fields on a layout, in their order. */
  fieldsOn(layout: Layout): string[] {
    return itemsOf(parseXml(`<Layout>${layout.body}</Layout>`))
      .map((item) => textOf(item, 'field'))
      .filter(Boolean);
  }

  /** Replaces a layout by a whole document. @throws SalesforceError for what Salesforce would not save */
  replace(layout: Layout, document: Element): void {
    const items = itemsOf(document);
    if (items.length === 0) throw refuse('Layout must contain at least one item');
    const seen = new Set<string>();
    for (const item of items) {
      const names = item.children.map(({ name }) => name);
      if (names.some((name, at) => at > 0 && name < (names[at - 1] ?? '')))
        throw new SalesforceError(
          400,
          'INVALID_TYPE_ON_FIELD_IN_RECORD',
          `Element {http://soap.sforce.com/2006/04/metadata}${names.at(-1)} invalid at this location in type LayoutItem`,
        );
      const field = textOf(item, 'field');
      if (field === '') continue;
      if (!this.#hasField(layout.object, field)) throw refuse(`Invalid field:${field} in related list`);
      if (seen.has(field)) throw refuse(`Field:${field} must appear on the layout only once`);
      seen.add(field);
    }
    layout.body = document.inner.replace(/^\s*<fullName>[^<]*<\/fullName>/, '');
  }
}

function itemsOf(document: Element): Element[] {
  return named(document, 'layoutSections')
    .flatMap((section) => named(section, 'layoutColumns'))
    .flatMap((column) => named(column, 'layoutItems'));
}

/** What a file name could not hold stands as %28 and the like. */
function encoded(name: string): string {
  return xmlText(name.replace(/[^\w .-]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`));
}

const item = (field: string, behavior = 'Edit') =>
  `<layoutItems><behavior>${behavior}</behavior><field>${field}</field></layoutItems>`;
const column = (...fields: readonly string[]) =>
  fields.length === 0
    ? '<layoutColumns/>'
    : `<layoutColumns>${fields.map((name) => item(name)).join('')}</layoutColumns>`;

/** With what other tools lose on the way: an action list, a summary, a related list, links and blanks. */
function usualBody(object: string): string {
  const place = object === 'Contact' ? 'AccountId' : 'Company';
  return [
    '<excludeButtons>Submit</excludeButtons>',
    '<layoutSections><customLabel>true</customLabel><detailHeading>false</detailHeading><editHeading>true</editHeading>',
    `<label>${object} Information &amp; more</label>`,
    `<layoutColumns>${item('OwnerId')}${item('Name', 'Required')}${item(place)}</layoutColumns>`,
    `<layoutColumns>${item('Phone')}${item('Email')}<layoutItems><emptySpace>true</emptySpace></layoutItems></layoutColumns>`,
    '<style>TwoColumnsTopToBottom</style></layoutSections>',
    '<layoutSections><customLabel>false</customLabel><detailHeading>true</detailHeading><editHeading>true</editHeading>',
    `<label>Description Information</label>${column('Description')}<style>OneColumn</style></layoutSections>`,
    '<layoutSections><customLabel>true</customLabel><detailHeading>true</detailHeading><editHeading>false</editHeading>',
    '<label>Custom Links</label><layoutColumns><layoutItems><customLink>GoogleMaps</customLink></layoutItems>',
    `</layoutColumns>${column()}${column()}<style>CustomLinks</style></layoutSections>`,
    '<platformActionList><actionListContext>Record</actionListContext><platformActionListItems>',
    '<actionName>LogACall</actionName><actionType>QuickAction</actionType><sortOrder>0</sortOrder>',
    '</platformActionListItems></platformActionList>',
    '<relatedLists><fields>TASK.SUBJECT</fields><relatedList>RelatedActivityList</relatedList></relatedLists>',
    '<showEmailCheckbox>false</showEmailCheckbox><showRunAssignmentRulesCheckbox>false</showRunAssignmentRulesCheckbox>',
    '<summaryLayout><masterLabel>00h0000000000aa</masterLabel><sizeX>4</sizeX><sizeY>0</sizeY>',
    '<summaryLayoutStyle>Default</summaryLayoutStyle></summaryLayout>',
  ].join('');
}
