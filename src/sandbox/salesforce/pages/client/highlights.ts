import type { Field, RecordView } from '../views.ts';
import { h, icon, nest } from './dom.ts';
import { output } from './output.ts';
import { intoShadow } from './shadow.ts';

/** How this org's record pages draw their header. */
export interface Header {
  /** The compact layout's highlights panel, or the Dynamic Highlights Panel of the Lightning App Builder. */
  readonly kind: 'standard' | 'dynamic';
  /** Synthetic shadow is light DOM to a content script; in mixed mode a component has a native, open root. */
  readonly shadow: 'synthetic' | 'native';
  /** Milliseconds until it is drawn. */
  readonly drawing: number;
}

function ribbon(onEdit: () => void): HTMLElement {
  const edit = h('button', { class: 'slds-button slds-button_neutral', name: 'Edit' }, 'Edit');
  edit.addEventListener('click', onEdit);
  const more = h('button', { class: 'slds-button slds-button_neutral', 'aria-label': 'Show more actions' });
  more.append(icon('down'));
  const actions = ['Follow', 'New Note'].map((label) =>
    h('button', { class: 'slds-button slds-button_neutral' }, label),
  );
  const buttons = nest(['runtime_platform_actions-actions-ribbon'], ...actions, edit, more);
  return h('div', { class: 'actionsContainer' }, buttons);
}

function badge({ object }: RecordView): HTMLElement {
  const entity = h('div', { slot: 'icon', class: `entity ${object}` });
  entity.append(icon(object === 'Contact' ? 'contact' : 'lead'));
  return entity;
}

const block = (tag: string, { object }: RecordView, field: Field): HTMLElement =>
  h(
    tag,
    { class: 'slds-page-header__detail-block' },
    h('p', { class: 'slds-text-title' }, field.label),
    h('p', { class: 'fieldComponent' }, output(field, object)),
  );

const row = (view: RecordView, name: HTMLElement, onEdit: () => void): HTMLElement =>
  h(
    'div',
    { class: 'slds-page-header__row' },
    badge(view),
    h(
      'div',
      { class: 'slds-page-header__name' },
      h('div', { class: 'entityNameTitle' }, view.object),
      h('h1', {}, name),
    ),
    ribbon(onEdit),
  );

const primaryField = ({ name }: RecordView): HTMLElement =>
  h('span', { slot: 'primaryField' }, h('lightning-formatted-name', {}, name));

/** `records-lwc-highlights-panel … records-highlights2`. */
function standard(view: RecordView, onEdit: () => void): HTMLElement {
  const fields = view.highlights.map((field) => block('records-highlights-details-item', view, field));
  return nest(
    [
      'records-lwc-highlights-panel',
      'records-lwc-record-layout',
      'div.forcegenerated-record-layout2',
      'records-highlights2',
    ],
    h(
      'div',
      { class: 'highlights slds-page-header' },
      row(view, primaryField(view), onEdit),
      h('div', { slot: 'secondaryFields', class: 'slds-page-header__detail-row' }, ...fields),
    ),
  );
}

/** `record_flexipage-dynamic-highlights2 > record_flexipage-highlights-primary-row`, and fields in rows below. */
function dynamic(view: RecordView, onEdit: () => void): HTMLElement {
  const fields = view.highlights.map((field) => block('record_flexipage-record-field', view, field));
  return h(
    'record_flexipage-dynamic-highlights2',
    {},
    h(
      'div',
      { class: 'highlights slds-page-header' },
      nest(['record_flexipage-highlights-primary-row'], row(view, primaryField(view), onEdit)),
      h('div', { class: 'slds-page-header__detail-row' }, ...fields),
    ),
  );
}

/** The record's header. */
export function highlights(view: RecordView, { kind, shadow }: Header, onEdit: () => void): HTMLElement {
  const panel = kind === 'dynamic' ? dynamic(view, onEdit) : standard(view, onEdit);
  if (shadow === 'native') intoShadow(panel);
  return panel;
}
