import { isObject } from '../../service/http.ts';
import { partsOf } from '../field-name.ts';
import { basePath, createQuery, type Reach } from '../records.ts';
import { type PersonObject, type Row, soqlString } from '../salesforce.ts';

/** A custom field as an administrator sees it, whether or not anybody has a right on it. */
export interface CustomField {
  /** Such as `Checkbox`. */
  readonly type: string;
  /** Whether its changes leave rows in the field history. */
  readonly tracked: boolean;
}

/** A checkbox to be made. */
export interface NewCheckbox {
  readonly object: PersonObject;
  /** With `__c`. */
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly tracked: boolean;
}

/** What a permission set says of one field. */
export interface FieldRight {
  readonly id: string;
  readonly read: boolean;
  readonly edit: boolean;
}

/** Setup by its REST resources (facts/salesforce.md section 10). Who lacks a right is told so by a rejection, or sees nothing. */
export interface Setup {
  /**
   * A custom field's name as this org spells it: with the namespace that the org itself has, if any, where none was named. A
   * standard field has none.
   */
  fullName(name: string): Promise<string>;
  /** By its full name; undefined where there is none. */
  customField(object: PersonObject, name: string): Promise<CustomField | undefined>;
  createCheckbox(field: NewCheckbox): Promise<void>;
  /** Id of the permission set with this name. */
  permissionSet(name: string): Promise<string | undefined>;
  createPermissionSet(set: {
    readonly name: string;
    readonly label: string;
    readonly description: string;
  }): Promise<void>;
  /** By field, such as `Contact.Sales_Opt_Out__c`. */
  fieldRights(set: string): Promise<ReadonlyMap<string, FieldRight>>;
  /** Lets a permission set read and edit a field; `known` is what it says so far. */
  giveField(set: string, object: PersonObject, field: string, known: FieldRight | undefined): Promise<void>;
  isAssigned(set: string, user: string): Promise<boolean>;
  assign(set: string, user: string): Promise<void>;
  /** The Lightning record pages that show fields of their own, whatever the page layout says. */
  dynamicForms(
    object: PersonObject,
  ): Promise<readonly { readonly label: string; readonly fields: readonly string[] }[]>;
}

export function createSetup(reach: Reach): Setup {
  const { ask, version } = reach;
  const tooling = async () => `${await version()}/tooling`;
  const rows = async (soql: string, of: Reach = reach): Promise<readonly Row[]> => {
    const found: Row[] = [];
    for await (const page of createQuery(of)(soql)) found.push(...page);
    return found;
  };
  // The Tooling API answers below the same path as the rest, and queries look the same.
  const toolingRows = (soql: string) => rows(soql, { ...reach, version: tooling });
  const send = async (method: 'POST' | 'PATCH', path: string, body: object, base = version) => {
    const outbound = { method, path: `${await basePath(base)}/sobjects/${path}`, body: JSON.stringify(body) };
    await ask(outbound, () => ({}));
  };
  const metadata = async (type: string, id: unknown) =>
    ask({ method: 'GET', path: `${await basePath(tooling)}/sobjects/${type}/${id}` }, (body) =>
      isObject(body) && isObject(body.Metadata) ? body.Metadata : undefined,
    );

  const ownNamespace = async () => {
    const [org] = await rows('SELECT NamespacePrefix FROM Organization');
    return typeof org?.NamespacePrefix === 'string' && org.NamespacePrefix !== '' ? org.NamespacePrefix : null;
  };

  return {
    async fullName(name) {
      if (!/__c$/i.test(name) || partsOf(name).namespace !== null) return name;
      const own = await ownNamespace();
      return own === null ? name : `${own}__${name}`;
    },

    async customField(object, name) {
      const { namespace, bare } = partsOf(name);
      const prefix = namespace === null ? 'null' : soqlString(namespace);
      const named = `DeveloperName = ${soqlString(bare.replace(/__c$/, ''))} AND NamespacePrefix = ${prefix}`;
      const [row] = await toolingRows(`SELECT Id FROM CustomField WHERE TableEnumOrId = '${object}' AND ${named}`);
      if (!row) return undefined;
      const { type, trackHistory } = await metadata('CustomField', row.Id);
      return { type: String(type), tracked: trackHistory === true };
    },

    async createCheckbox({ object, name, label, description, tracked }) {
      // `required`, `unique` and `externalId` are left out: a checkbox may refuse them (facts section 10).
      const Metadata = { label, type: 'Checkbox', defaultValue: false, description, trackHistory: tracked };
      // An org puts its own namespace before what it is given; a field of a package it does not make, and says so.
      const { namespace, bare } = partsOf(name);
      const given = namespace !== null && namespace === (await ownNamespace()) ? bare : name;
      await send('POST', 'CustomField', { FullName: `${object}.${given}`, Metadata }, tooling);
    },

    async permissionSet(name) {
      const where = `Name = ${soqlString(name)} AND NamespacePrefix = null`;
      const [row] = await rows(`SELECT Id FROM PermissionSet WHERE ${where}`);
      return typeof row?.Id === 'string' ? row.Id : undefined;
    },

    async createPermissionSet({ name, label, description }) {
      await send('POST', 'PermissionSet', { Name: name, Label: label, Description: description });
    },

    async fieldRights(set) {
      const named = 'Id, Field, PermissionsRead, PermissionsEdit';
      const found = await rows(`SELECT ${named} FROM FieldPermissions WHERE ParentId = ${soqlString(set)}`);
      return new Map(
        found.map(({ Id, Field, PermissionsRead, PermissionsEdit }) => [
          String(Field),
          { id: String(Id), read: PermissionsRead === true, edit: PermissionsEdit === true },
        ]),
      );
    },

    async giveField(set, object, field, known) {
      const both = { PermissionsRead: true, PermissionsEdit: true };
      if (known) await send('PATCH', `FieldPermissions/${known.id}`, both);
      else await send('POST', 'FieldPermissions', { ParentId: set, SobjectType: object, Field: field, ...both });
    },

    async isAssigned(set, user) {
      const where = `PermissionSetId = ${soqlString(set)} AND AssigneeId = ${soqlString(user)}`;
      return (await rows(`SELECT Id FROM PermissionSetAssignment WHERE ${where}`)).length > 0;
    },

    async assign(set, user) {
      await send('POST', 'PermissionSetAssignment', { PermissionSetId: set, AssigneeId: user });
    },

    async dynamicForms(object) {
      const where = `Type = 'RecordPage' AND EntityDefinitionId = '${object}'`;
      const pages = await toolingRows(`SELECT Id, MasterLabel FROM FlexiPage WHERE ${where}`);
      const forms = [];
      for (const { Id, MasterLabel } of pages) {
        const shown = JSON.stringify(await metadata('FlexiPage', Id)).matchAll(/"fieldItem":"Record\.(\w+)"/g);
        const fields = [...shown].map(([, field = '']) => field);
        if (fields.length > 0) forms.push({ label: String(MasterLabel), fields });
      }
      return forms;
    },
  };
}
