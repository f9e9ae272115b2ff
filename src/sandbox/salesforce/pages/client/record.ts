import type { Card, Field, RecordView, Section } from '../views.ts';
import { h, icon, nest } from './dom.ts';
import { type Header, highlights } from './highlights.ts';
import { output } from './output.ts';

function item(field: Field, object: string): HTMLElement {
  const pencil = field.editable
    ? h('button', { class: 'slds-button inline-edit-trigger', title: `Edit ${field.label}` })
    : null;
  pencil?.append(icon('pencil'));
  return h(
    'records-record-layout-item',
    { 'field-label': field.label, 'data-target-selection-name': `sfdc:RecordField.${field.name}` },
    h('span', { class: 'test-id__field-label' }, field.label),
    h('span', { slot: 'outputField', class: 'test-id__field-value' }, output(field, object), pencil),
  );
}

function section({ title, fields }: Section, object: string): HTMLElement {
  const rows = Array.from({ length: Math.ceil(fields.length / 2) }, (_, i) =>
    h('records-record-layout-row', {}, ...fields.slice(i * 2, i * 2 + 2).map((field) => item(field, object))),
  );
  const head = h('h3', { class: 'slds-section__title' });
  head.append(icon('down'), h('span', {}, title));
  return h('records-record-layout-section', {}, head, ...rows);
}

function relatedList({ title, lines }: Card): HTMLElement {
  const entries = lines.map((line) =>
    h(
      'li',
      {},
      h('a', { href: `/lightning/r/${line.object}/${line.id}/view`, class: 'related-name' }, line.name),
      h('span', {}, line.about),
      line.email && nest(['lightning-formatted-email'], h('a', { href: `mailto:${line.email}` }, line.email)),
    ),
  );
  return h(
    'lst-related-list-single-container',
    { class: 'slds-card' },
    h('h2', {}, `${title} (${lines.length})`),
    lines.length > 0 ? h('ul', {}, ...entries) : null,
  );
}

function activity(): HTMLElement {
  const acts = ['Log a Call', 'New Task', 'New Event', 'Email'].map((label) =>
    h('button', { class: 'slds-button slds-button_neutral' }, label),
  );
  return nest(
    ['flexipage-aura-wrapper.slds-card'],
    h('h2', {}, 'Activity'),
    h('div', { class: 'acts' }, ...acts),
    h('p', { class: 'quiet' }, 'No activities to show. Get started by sending an email, scheduling a task, and more.'),
  );
}

/** A component on a Lightning page, by its id in the page builder. */
const component = (id: string, ...children: HTMLElement[]): HTMLElement =>
  h('flexipage-component2', { 'data-component-id': id }, ...children);

/** Related and Details, the one tab at a time. */
function tabs(view: RecordView): HTMLElement {
  const details = nest(
    [
      'records-lwc-detail-panel',
      'records-base-record-form',
      'div.record-layout-container',
      'records-lwc-record-layout',
      'div.forcegenerated-record-layout2',
    ],
    ...view.sections.map((part) => section(part, view.object)),
  );
  const panels = new Map([
    ['Related', h('div', { class: 'related' }, ...view.cards.map(relatedList))],
    ['Details', component('force_detailPanel', details)],
  ]);
  const buttons = [...panels.keys()].map((label) =>
    h('button', { role: 'tab', class: 'slds-tabs_default__link' }, label),
  );
  const show = (label: string) => {
    for (const button of buttons) button.setAttribute('aria-selected', String(button.textContent === label));
    for (const [name, panel] of panels) panel.hidden = name !== label;
  };
  for (const button of buttons) button.addEventListener('click', () => show(button.textContent ?? ''));
  show('Details');
  return h(
    'flexipage-tabset2',
    { class: 'slds-card' },
    h('div', { role: 'tablist', class: 'slds-tabs_default__nav' }, ...buttons),
    ...panels.values(),
  );
}

/** The header's place until Lightning has drawn it: grey bars of about its size. */
const stencil = (): HTMLElement => h('div', { class: 'slds-page-header stencil' }, h('i'), h('i'));

/**
 * The page of a record, with the chain of elements that Lightning makes (facts/salesforce.md section 6). The header
 * comes `drawing` milliseconds later than the rest: Lightning draws it last.
 */
export function recordPage(view: RecordView, header: Header, onEdit: () => void): HTMLElement {
  const side = h(
    'div',
    { class: 'region-sidebar' },
    component('runtime_sales_activities', activity()),
    ...view.cards.slice(0, 2).map(relatedList),
  );
  const note = view.converted
    ? h('div', { class: 'slds-notify', role: 'status' }, 'This lead has been converted.')
    : null;
  const panel = component('force_highlightsPanel', stencil());
  const draw = (): void => panel.replaceChildren(highlights(view, header, onEdit));
  if (header.drawing > 0) setTimeout(draw, header.drawing);
  else draw();
  return nest(
    [
      'one-record-home-flexipage2',
      'forcegenerated-flexipage.forcegenerated-flexipage-module',
      'record_flexipage-desktop-record-page-decorator',
      'div.record-page-decorator',
      'records-record-layout-event-broker',
    ],
    h(
      'flexipage-record-home-template-desktop2',
      {},
      note,
      h('div', { slot: 'header' }, panel),
      h('div', { slot: 'main', class: 'regions' }, h('div', { class: 'region-main' }, tabs(view)), side),
    ),
  );
}
