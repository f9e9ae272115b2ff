/** The objects the sandbox knows and their fields, as `describe` shows them (facts/salesforce.md section 1). */

export type FieldType =
  | 'id'
  | 'string'
  | 'email'
  | 'phone'
  | 'boolean'
  | 'datetime'
  | 'date'
  | 'reference'
  | 'picklist'
  | 'textarea'
  | 'int'
  | 'anyType';

/** Dates are milliseconds since the epoch, whole seconds. */
export type FieldValue = string | number | boolean | null;

export interface FieldSchema {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly length: number;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly nillable: boolean;
  readonly groupable: boolean;
  readonly sortable: boolean;
  /** Whether field-level security can hide it. */
  readonly permissionable: boolean;
  readonly custom: boolean;
  /** Read by equality often enough to keep an index. */
  readonly indexed: boolean;
  readonly referenceTo?: string;
  readonly relationshipName?: string;
}

export interface ObjectSchema {
  readonly name: string;
  readonly label: string;
  readonly prefix: string;
  readonly fields: Map<string, FieldSchema>;
}

const LENGTHS: Partial<Record<FieldType, number>> = { id: 18, reference: 18, email: 80, phone: 40, textarea: 32_000 };

/** A field; what is not said is the usual: createable, updateable, nillable, groupable, sortable, permissionable. */
export function field(name: string, label: string, type: FieldType, said: Partial<FieldSchema> = {}): FieldSchema {
  const writable = said.updateable ?? said.createable ?? true;
  return {
    name,
    label,
    type,
    length: LENGTHS[type] ?? (type === 'string' || type === 'picklist' ? 255 : 0),
    createable: true,
    updateable: true,
    nillable: type !== 'boolean',
    groupable: type !== 'textarea' && type !== 'datetime',
    sortable: type !== 'textarea',
    permissionable: writable,
    custom: name.endsWith('__c'),
    indexed: false,
    ...said,
  };
}

const FIXED = { createable: false, updateable: false, permissionable: false } as const;
const BASE = { permissionable: false } as const;

const lookup = (name: string, label: string, to: string, said: Partial<FieldSchema> = {}): FieldSchema =>
  field(name, label, 'reference', { referenceTo: to, relationshipName: name.replace(/Id$/, ''), ...said });

const audit = (): FieldSchema[] => [
  field('CreatedDate', 'Created Date', 'datetime', FIXED),
  lookup('CreatedById', 'Created By ID', 'User', FIXED),
  field('LastModifiedDate', 'Last Modified Date', 'datetime', FIXED),
  lookup('LastModifiedById', 'Last Modified By ID', 'User', FIXED),
  field('SystemModstamp', 'System Modstamp', 'datetime', FIXED),
];

const deletable = (): FieldSchema[] => [
  field('IsDeleted', 'Deleted', 'boolean', { ...FIXED, groupable: false, sortable: false }),
];

const person = (): FieldSchema[] => [
  field('Id', 'ID', 'id', { ...FIXED, indexed: true }),
  ...deletable(),
  field('LastName', 'Last Name', 'string', { ...BASE, length: 80, nillable: false }),
  field('FirstName', 'First Name', 'string', { ...BASE, length: 40 }),
  field('Salutation', 'Salutation', 'picklist', { ...BASE, length: 40 }),
  field('Name', 'Full Name', 'string', { ...FIXED, length: 121 }),
  field('Title', 'Title', 'string', { length: 128 }),
  field('Phone', 'Phone', 'phone'),
  field('MobilePhone', 'Mobile Phone', 'phone'),
  field('Email', 'Email', 'email', { indexed: true }),
  field('LeadSource', 'Lead Source', 'picklist', { length: 255 }),
  field('Description', 'Description', 'textarea'),
  lookup('OwnerId', 'Owner ID', 'User', BASE),
  field('HasOptedOutOfFax', 'Fax Opt Out', 'boolean'),
  field('DoNotCall', 'Do Not Call', 'boolean'),
  field('LastActivityDate', 'Last Activity', 'date', FIXED),
  ...audit(),
];

const contact = (): FieldSchema[] => [
  ...person(),
  lookup('MasterRecordId', 'Master Record ID', 'Contact', { ...FIXED, indexed: true }),
  lookup('AccountId', 'Account ID', 'Account', { indexed: true }),
  field('Department', 'Department', 'string', { length: 80 }),
  field('MailingStreet', 'Mailing Street', 'textarea', { length: 255 }),
  field('MailingCity', 'Mailing City', 'string', { length: 40 }),
  field('MailingPostalCode', 'Mailing Zip/Postal Code', 'string', { length: 20 }),
  field('MailingCountry', 'Mailing Country', 'string', { length: 80 }),
  field('HasOptedOutOfEmail', 'Email Opt Out', 'boolean'),
  field('EmailBouncedReason', 'Email Bounced Reason', 'string'),
  field('EmailBouncedDate', 'Email Bounced Date', 'datetime'),
  field('IsEmailBounced', 'Is Email Bounced', 'boolean', FIXED),
];

const lead = (): FieldSchema[] => [
  ...person(),
  lookup('MasterRecordId', 'Master Record ID', 'Lead', { ...FIXED, indexed: true }),
  field('Company', 'Company', 'string', { ...BASE, nillable: false }),
  field('Status', 'Status', 'picklist', { ...BASE, nillable: false }),
  field('Industry', 'Industry', 'picklist'),
  field('Rating', 'Rating', 'picklist'),
  field('Street', 'Street', 'textarea', { length: 255 }),
  field('City', 'City', 'string', { length: 40 }),
  field('PostalCode', 'Zip/Postal Code', 'string', { length: 20 }),
  field('Country', 'Country', 'string', { length: 80 }),
  // Neither Group nor Sort is listed for this field on Lead (facts/salesforce.md section 1).
  field('HasOptedOutOfEmail', 'Email Opt Out', 'boolean', { groupable: false, sortable: false }),
  field('EmailBouncedReason', 'Email Bounced Reason', 'string', { createable: false }),
  field('EmailBouncedDate', 'Email Bounced Date', 'datetime', { createable: false }),
  field('IsConverted', 'Converted', 'boolean', { ...BASE, updateable: false }),
  field('ConvertedDate', 'Converted Date', 'date', { ...BASE, updateable: false }),
  lookup('ConvertedAccountId', 'Converted Account ID', 'Account', { ...BASE, updateable: false }),
  lookup('ConvertedContactId', 'Converted Contact ID', 'Contact', { ...BASE, updateable: false, indexed: true }),
];

const account = (): FieldSchema[] => [
  field('Id', 'ID', 'id', { ...FIXED, indexed: true }),
  ...deletable(),
  field('Name', 'Account Name', 'string', { ...BASE, nillable: false }),
  field('Industry', 'Industry', 'picklist'),
  field('Phone', 'Account Phone', 'phone'),
  field('Website', 'Website', 'string'),
  lookup('OwnerId', 'Owner ID', 'User', BASE),
  ...audit(),
];

const user = (): FieldSchema[] => [
  field('Id', 'User ID', 'id', { ...FIXED, indexed: true }),
  field('Username', 'Username', 'string', { ...BASE, length: 80, nillable: false, indexed: true }),
  field('LastName', 'Last Name', 'string', { ...BASE, length: 80, nillable: false }),
  field('FirstName', 'First Name', 'string', { ...BASE, length: 40 }),
  field('Name', 'Full Name', 'string', { ...FIXED, length: 121 }),
  field('Email', 'Email', 'email', { ...BASE, indexed: true }),
  field('IsActive', 'Active', 'boolean', BASE),
  field('UserType', 'User Type', 'picklist', FIXED),
  field('TimeZoneSidKey', 'Time Zone', 'picklist', BASE),
  field('LocaleSidKey', 'Locale', 'picklist', BASE),
  field('LanguageLocaleKey', 'Language', 'picklist', BASE),
  ...audit(),
];

const organization = (): FieldSchema[] => [
  field('Id', 'Organization ID', 'id', { ...FIXED, indexed: true }),
  field('Name', 'Name', 'string', BASE),
  field('InstanceName', 'Instance Name', 'string', FIXED),
  field('IsSandbox', 'Is Sandbox', 'boolean', FIXED),
  field('TrialExpirationDate', 'Trial Expiration Date', 'datetime', FIXED),
  field('NamespacePrefix', 'Namespace Prefix', 'string', FIXED),
  field('OrganizationType', 'Edition', 'picklist', FIXED),
  field('DefaultLocaleSidKey', 'Locale', 'picklist', FIXED),
];

const history = (parent: string): FieldSchema[] => [
  field('Id', 'History ID', 'id', { ...FIXED, indexed: true }),
  ...deletable(),
  lookup(`${parent}Id`, `${parent} ID`, parent, { ...FIXED, indexed: true }),
  field('Field', 'Changed Field', 'picklist', FIXED),
  field('DataType', 'Datatype', 'picklist', FIXED),
  field('OldValue', 'Old Value', 'anyType', { ...FIXED, groupable: false, sortable: false }),
  field('NewValue', 'New Value', 'anyType', { ...FIXED, groupable: false, sortable: false }),
  field('CreatedDate', 'Created Date', 'datetime', FIXED),
  lookup('CreatedById', 'Created By ID', 'User', FIXED),
];

const task = (): FieldSchema[] => [
  field('Id', 'Activity ID', 'id', { ...FIXED, indexed: true }),
  ...deletable(),
  // A Contact or a Lead.
  lookup('WhoId', 'Name ID', 'Contact', { ...BASE, indexed: true }),
  lookup('WhatId', 'Related To ID', 'Account', { ...BASE, indexed: true }),
  field('Subject', 'Subject', 'string'),
  field('ActivityDate', 'Due Date Only', 'date'),
  field('Status', 'Status', 'picklist', { ...BASE, nillable: false }),
  field('Priority', 'Priority', 'picklist', { ...BASE, nillable: false }),
  field('Description', 'Description', 'textarea'),
  lookup('OwnerId', 'Assigned To ID', 'User', { ...BASE, nillable: false }),
  field('IsClosed', 'Closed', 'boolean', FIXED),
  ...audit(),
];

/** What a task's Status may be, as every org has it at first; an admin may rename and add. */
export const TASK_STATUSES = [
  { ApiName: 'Not Started', IsClosed: false },
  { ApiName: 'In Progress', IsClosed: false },
  { ApiName: 'Completed', IsClosed: true },
  { ApiName: 'Waiting on someone else', IsClosed: false },
  { ApiName: 'Deferred', IsClosed: false },
] as const;

const taskStatus = (): FieldSchema[] => [
  field('Id', 'Task Status ID', 'id', { ...FIXED, indexed: true }),
  field('ApiName', 'API Name', 'string', FIXED),
  field('MasterLabel', 'Master Label', 'string', FIXED),
  field('SortOrder', 'Sort Order', 'int', FIXED),
  field('IsClosed', 'Is Closed', 'boolean', FIXED),
  field('IsDefault', 'Is Default', 'boolean', FIXED),
];

const permissionSet = (): FieldSchema[] => [
  field('Id', 'PermissionSet ID', 'id', { ...FIXED, indexed: true }),
  field('Name', 'Permission Set Name', 'string', { ...BASE, length: 80, nillable: false, indexed: true }),
  field('Label', 'Permission Set Label', 'string', { ...BASE, length: 80, nillable: false }),
  field('Description', 'Description', 'string', { ...BASE, length: 255 }),
  field('NamespacePrefix', 'Namespace Prefix', 'string', FIXED),
  field('IsOwnedByProfile', 'Is Owned By Profile', 'boolean', FIXED),
  ...audit(),
];

const fieldPermissions = (): FieldSchema[] => [
  field('Id', 'Field Permissions ID', 'id', { ...FIXED, indexed: true }),
  lookup('ParentId', 'Parent ID', 'PermissionSet', { ...BASE, nillable: false, updateable: false, indexed: true }),
  field('SobjectType', 'Sobject Type Name', 'picklist', { ...BASE, nillable: false, updateable: false }),
  field('Field', 'Field Name', 'picklist', { ...BASE, nillable: false, updateable: false, indexed: true }),
  field('PermissionsEdit', 'Edit Field', 'boolean', BASE),
  field('PermissionsRead', 'Read Field', 'boolean', BASE),
];

const permissionSetAssignment = (): FieldSchema[] => [
  field('Id', 'PermissionSetAssignment ID', 'id', { ...FIXED, indexed: true }),
  lookup('PermissionSetId', 'PermissionSet ID', 'PermissionSet', { ...BASE, nillable: false, updateable: false }),
  lookup('AssigneeId', 'Assignee ID', 'User', { ...BASE, nillable: false, updateable: false, indexed: true }),
];

const customField = (): FieldSchema[] => [
  field('Id', 'Custom Field ID', 'id', { ...FIXED, indexed: true }),
  field('DeveloperName', 'Developer Name', 'string', FIXED),
  field('NamespacePrefix', 'Namespace Prefix', 'string', FIXED),
  field('TableEnumOrId', 'Entity Enum Or ID', 'string', FIXED),
];

const flexiPage = (): FieldSchema[] => [
  field('Id', 'Lightning Page ID', 'id', { ...FIXED, indexed: true }),
  field('DeveloperName', 'Developer Name', 'string', FIXED),
  field('MasterLabel', 'Label', 'string', FIXED),
  field('Type', 'Type', 'picklist', FIXED),
  field('EntityDefinitionId', 'Entity Definition ID', 'string', FIXED),
];

type Objects = readonly (readonly [name: string, label: string, prefix: string, fields: () => FieldSchema[]])[];

const OBJECTS: Objects = [
  ['Contact', 'Contact', '003', contact],
  ['Lead', 'Lead', '00Q', lead],
  ['Account', 'Account', '001', account],
  ['User', 'User', '005', user],
  ['Organization', 'Organization', '00D', organization],
  ['ContactHistory', 'Contact History', '017', () => history('Contact')],
  ['LeadHistory', 'Lead History', '017', () => history('Lead')],
  ['Task', 'Task', '00T', task],
  ['TaskStatus', 'Task Status Value', '01J', taskStatus],
  ['PermissionSet', 'Permission Set', '0PS', permissionSet],
  ['FieldPermissions', 'Field Permissions', '01k', fieldPermissions],
  ['PermissionSetAssignment', 'Permission Set Assignment', '0Pa', permissionSetAssignment],
  ['ScratchOrgInfo', 'Scratch Org Info', '2SR', () => [field('Id', 'ID', 'id', { ...FIXED, indexed: true })]],
];

/** What only the Tooling API shows. */
const TOOLING: Objects = [
  ['CustomField', 'Custom Field', '00N', customField],
  ['FlexiPage', 'Lightning Page', '0M0', flexiPage],
];

/** A fresh schema, since an admin may add fields to it. */
export function standardObjects(): Map<string, ObjectSchema> {
  return schemasOf(OBJECTS);
}

/** The same for the Tooling API. */
export function toolingObjects(): Map<string, ObjectSchema> {
  return schemasOf(TOOLING);
}

function schemasOf(objects: Objects): Map<string, ObjectSchema> {
  return new Map(
    objects.map(([name, label, prefix, fields]) => [
      name,
      { name, label, prefix, fields: new Map(fields().map((f) => [f.name, f])) },
    ]),
  );
}
