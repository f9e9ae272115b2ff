import type { Records } from '../records.ts';
import type { FieldSchema } from '../schema.ts';
import type { Wire } from '../soql/wire.ts';

const SOAP: Partial<Record<FieldSchema['type'], string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  datetime: 'xsd:dateTime',
  date: 'xsd:date',
  int: 'xsd:int',
  anyType: 'xsd:anyType',
};

/** An object in the list of `/sobjects`. */
export function objectWire(org: Records, user: string, type: string, base: string): Wire {
  const { schema } = org.table(type);
  const editable = org.access.object(user, type) === 'edit';
  const records = type !== 'Organization' && !type.endsWith('History');
  return {
    createable: editable && records,
    custom: false,
    deletable: editable && records,
    keyPrefix: schema.prefix,
    label: schema.label,
    labelPlural: `${schema.label}s`,
    name: schema.name,
    queryable: true,
    retrieveable: true,
    searchable: records,
    triggerable: records,
    undeletable: records,
    updateable: editable && records,
    urls: {
      sobject: `${base}/sobjects/${type}`,
      describe: `${base}/sobjects/${type}/describe`,
      rowTemplate: `${base}/sobjects/${type}/{ID}`,
    },
  };
}

/** `describe` as this user may see it: a hidden field is absent, a read-only one not updateable. */
export function describeWire(org: Records, user: string, type: string, base: string, pages: string): Wire {
  const { schema } = org.table(type);
  const summary = objectWire(org, user, type, base);
  const fields = [...schema.fields.values()].filter((f) => org.access.field(user, type, f) !== 'hidden');
  return {
    ...summary,
    childRelationships: [],
    fields: fields.map((f) => fieldWire(f, org.access.field(user, type, f) === 'edit' && summary.updateable === true)),
    recordTypeInfos: [
      {
        active: true,
        available: true,
        defaultRecordTypeMapping: true,
        developerName: 'Master',
        master: true,
        name: 'Master',
        recordTypeId: '012000000000000AAA',
      },
    ],
    urls: {
      ...(summary.urls as Wire),
      uiDetailTemplate: `${pages}/{ID}`,
      uiEditTemplate: `${pages}/{ID}/e`,
      uiNewRecord: `${pages}/${schema.prefix}/e`,
    },
  };
}

function fieldWire(f: FieldSchema, editable: boolean): Wire {
  return {
    aggregatable: f.type !== 'boolean',
    byteLength: f.length * 3,
    calculated: false,
    createable: f.createable && editable,
    custom: f.custom,
    defaultValue: f.type === 'boolean' ? false : null,
    defaultedOnCreate: f.type === 'boolean' || !f.createable || f.name === 'OwnerId',
    filterable: f.type !== 'anyType' && !(f.type === 'textarea' && f.length > 255),
    groupable: f.groupable,
    idLookup: f.type === 'id' || f.type === 'email',
    inlineHelpText: null,
    label: f.label,
    length: f.length,
    name: f.name,
    nameField: f.name === 'Name',
    nillable: f.nillable,
    permissionable: f.permissionable,
    picklistValues: [],
    referenceTo: f.referenceTo === undefined ? [] : [f.referenceTo],
    relationshipName: f.relationshipName ?? null,
    soapType: SOAP[f.type] ?? 'xsd:string',
    sortable: f.sortable,
    type: f.type,
    unique: false,
    updateable: f.updateable && editable,
  };
}
