import type { Access } from '../access.ts';
import { malformedJson, notFound, SalesforceError } from '../errors.ts';
import type { Fields } from '../records.ts';
import { Records } from '../records.ts';
import { toolingObjects } from '../schema.ts';
import type { Wire } from '../soql/wire.ts';
import { Layouts } from './layouts.ts';
import { SetupRights } from './rights.ts';

/** What nobody knows for certain of Salesforce's Setup; the harder case unless said otherwise. */
export interface SetupSwitches {
  /** Whether a field that the API makes is readable before anybody was given the right (facts/salesforce.md section 10). */
  newFieldVisible: boolean;
  /** Whether a checkbox may be said to be required, unique or an external id. */
  checkboxTakesUnique: boolean;
  /** How many fields of an object may be tracked. */
  trackedFields: number;
  /** The namespace of the org itself, or none: it stands before the name of every field that is made here. */
  namespace: string | null;
}

/** What Setup needs of the org. */
export interface SetupPorts {
  readonly records: Records;
  addField(type: string, name: string, label: string): void;
  track(type: string, name: string): void;
}

/** Objects that an admin may give fields to here. */
const OBJECTS = ['Contact', 'Lead'];

/** An org's Setup: custom fields, page layouts, Lightning pages, permission sets, and who may touch them. */
export class Setup {
  readonly rights: SetupRights;
  readonly layouts: Layouts;
  readonly switches: SetupSwitches = {
    newFieldVisible: false,
    checkboxTakesUnique: false,
    trackedFields: 20,
    namespace: null,
  };
  /** Objects with field history turned on. */
  readonly history = new Set(OBJECTS);
  /** The rows of the Tooling API. */
  readonly tooling: Records;
  readonly #ports: SetupPorts;
  readonly #metadata = new Map<string, Wire>();

  constructor(ports: SetupPorts) {
    const { records } = ports;
    this.#ports = ports;
    this.tooling = new Records(records.clock, toolingObjects());
    this.rights = new SetupRights([records.access, this.tooling.access]);
    this.layouts = new Layouts((type, name) => records.table(type).schema.fields.has(name));
    records.access.granted = (user, type, name) => this.#granted(user, `${type}.${name}`);
  }

  /** Adds a Lightning record page; with `fields` it is a dynamic form that shows these and ignores the layout. */
  addRecordPage(object: string, label: string, fields?: readonly string[]): string {
    const id = this.tooling.insert('FlexiPage', {
      DeveloperName: label.replace(/\W+/g, '_'),
      MasterLabel: label,
      Type: 'RecordPage',
      EntityDefinitionId: object,
    });
    const shown = fields?.map((name) => ({ fieldInstance: { fieldItem: `Record.${name}` } }));
    const detail = [{ componentInstance: { componentName: 'force:detailPanel' } }];
    this.#metadata.set(id, { flexiPageRegions: [{ name: 'main', itemInstances: shown ?? detail }] });
    return id;
  }

  /** The metadata of a row of the Tooling API, as GET by its id shows it. */
  metadataOf(type: string, id: string): Wire {
    const row = this.tooling.get(type, id);
    if (row === undefined) throw notFound();
    if (type !== 'CustomField') return { Metadata: this.#metadata.get(id) ?? {} };
    const [object, name] = [String(row.TableEnumOrId), fullName(row)];
    const { label, type: kind } = this.#ports.records.field(object, name);
    const trackHistory = this.#ports.records.rules.isTracked(object, name);
    const known = { label, type: kind === 'boolean' ? 'Checkbox' : 'Text', trackHistory };
    return { FullName: `${object}.${name}`, Metadata: { ...this.#metadata.get(id), ...known } };
  }

  /** Gives every custom field its row in the Tooling API, also those that a test or a seed added. */
  listFields(): void {
    const listed = new Set(this.tooling.all('CustomField').map((row) => `${row.TableEnumOrId}.${fullName(row)}`));
    for (const object of OBJECTS)
      for (const { name, custom } of this.#ports.records.table(object).schema.fields.values())
        if (custom && !listed.has(`${object}.${name}`)) this.#list(object, name);
  }

  /** Makes a checkbox and returns its id; all other types are refused. */
  createField({ FullName, Metadata }: Fields): string {
    const [, object = '', bare = ''] = /^(Contact|Lead)\.([A-Za-z]\w*)__c$/.exec(String(FullName)) ?? [];
    if (object === '') throw new SalesforceError(400, 'INVALID_FIELD', `Invalid FullName: ${String(FullName)}`);
    if (typeof Metadata !== 'object' || Metadata === null) throw malformedJson('Metadata must be an object');
    const { label, type, trackHistory, ...rest } = Metadata as Wire;
    const { namespace } = this.switches;
    const name = namespace === null ? `${bare}__c` : `${namespace}__${bare}__c`;
    if (/__/.test(bare))
      throw new SalesforceError(400, 'INVALID_FULL_NAME', `A field cannot be made in another namespace: ${bare}__c`);
    if (this.#ports.records.table(object).schema.fields.has(name))
      // Which of several codes comes is unsure (facts/salesforce.md section 10).
      throw new SalesforceError(
        400,
        'DUPLICATE_DEVELOPER_NAME',
        `There is already a field named ${bare} on ${object}.`,
        ['DeveloperName'],
      );
    if (type !== 'Checkbox' || typeof label !== 'string' || label === '' || !('defaultValue' in rest))
      throw new SalesforceError(400, 'REQUIRED_FIELD_MISSING', 'Must specify label, type Checkbox and defaultValue');
    const odd = ['required', 'unique', 'externalId'].find((attribute) => attribute in rest);
    if (odd !== undefined && !this.switches.checkboxTakesUnique)
      throw fieldIntegrity(`Can not specify '${odd}' for a CustomField of type Checkbox`);
    if (trackHistory === true) this.#mayTrack(object);
    this.#ports.addField(object, name, label);
    if (!this.switches.newFieldVisible) this.#ports.records.access.set('everyone', 'hidden', object, name);
    if (trackHistory === true) this.#ports.track(object, name);
    const id = this.#list(object, name);
    this.#metadata.set(id, rest);
    return id;
  }

  /** Refuses a row of a permission set that is there already or makes no sense; the words are made up. */
  checkNew(type: string, fields: Fields): void {
    const twin = this.#ports.records.all(type).find((row) => KEYS[type]?.every((name) => row[name] === fields[name]));
    if (twin !== undefined) throw duplicate(type, String(twin.Id));
    if (type !== 'FieldPermissions') return;
    const [object = '', name = ''] = String(fields.Field).split('.');
    const known = OBJECTS.includes(object) ? this.#ports.records.table(object).schema.fields.get(name) : undefined;
    if (!known?.permissionable || object !== fields.SobjectType)
      throw fieldIntegrity(`Field Name: bad value for restricted picklist field: ${String(fields.Field)}`);
    if (fields.PermissionsEdit === true && fields.PermissionsRead !== true)
      throw fieldIntegrity(`Permission Edit ${name} depends on permission(s): Read ${name}`);
  }

  #list(object: string, name: string): string {
    const [, namespace, bare] = /^(?:(\w+?)__)?(\w+)__c$/.exec(name) ?? [];
    const prefix = namespace === undefined ? {} : { NamespacePrefix: namespace };
    return this.tooling.insert('CustomField', { DeveloperName: bare ?? name, ...prefix, TableEnumOrId: object });
  }

  #mayTrack(object: string): void {
    const { records } = this.#ports;
    const fields = [...records.table(object).schema.fields.keys()];
    const tracked = fields.filter((name) => records.rules.isTracked(object, name)).length;
    if (!this.history.has(object)) throw fieldIntegrity(`Field history tracking is not enabled for ${object}`);
    if (tracked >= this.switches.trackedFields)
      throw fieldIntegrity(`Field history tracking: the limit of ${this.switches.trackedFields} fields is reached`);
  }

  #granted(user: string, name: string): Access {
    const { records } = this.#ports;
    const rights = records.table('FieldPermissions').having('Field', [name.toLowerCase()]) ?? [];
    if (rights.length === 0) return 'hidden';
    const assigned = records.table('PermissionSetAssignment').having('AssigneeId', [user]) ?? [];
    const mine = new Set(assigned.filter(live).map(({ PermissionSetId }) => PermissionSetId));
    const held = rights.filter(live).filter(({ ParentId }) => ParentId !== undefined && mine.has(ParentId));
    if (held.some(({ PermissionsEdit }) => PermissionsEdit === true)) return 'edit';
    return held.some(({ PermissionsRead }) => PermissionsRead === true) ? 'read-only' : 'hidden';
  }
}

const fullName = ({ NamespacePrefix, DeveloperName }: Fields): string =>
  `${NamespacePrefix ? `${NamespacePrefix}__` : ''}${DeveloperName}__c`;

/** By what a row of a permission set is told from others of its object. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  PermissionSet: ['Name'],
  FieldPermissions: ['ParentId', 'Field'],
  PermissionSetAssignment: ['PermissionSetId', 'AssigneeId'],
};

/** Whether a row belongs to Setup's own objects. */
export const isSetup = (type: string): boolean => type in KEYS;

const live = ({ IsDeleted }: { readonly IsDeleted?: unknown }): boolean => IsDeleted !== true;

const fieldIntegrity = (message: string) => new SalesforceError(400, 'FIELD_INTEGRITY_EXCEPTION', message);

function duplicate(type: string, id: string): SalesforceError {
  if (type === 'PermissionSet')
    return new SalesforceError(400, 'DUPLICATE_DEVELOPER_NAME', 'This API Name is already in use.', ['Name']);
  return new SalesforceError(400, 'DUPLICATE_VALUE', `duplicate value found: ${type} duplicates record with id: ${id}`);
}
