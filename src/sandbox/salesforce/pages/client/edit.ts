import type { Field, RecordView } from '../views.ts';
import { h } from './dom.ts';

const DIALOG = ['Email', 'Title', 'Phone', 'MobilePhone', 'HasOptedOutOfEmail', 'DoNotCall'];

const nameOf = (field: Field): string => field.name.slice(field.name.indexOf('.') + 1);

function control(field: Field): HTMLInputElement {
  const input = document.createElement('input');
  input.name = nameOf(field);
  if (typeof field.value === 'boolean') {
    input.type = 'checkbox';
    input.checked = field.value;
  } else input.value = field.value ?? '';
  return input;
}

/** The edit dialog over a record. `done` is told whether something was saved. */
export function editDialog(view: RecordView, done: (saved: boolean) => void): HTMLElement {
  const fields = view.sections.flatMap((section) => section.fields);
  const inputs = fields
    .filter((field) => field.editable && (DIALOG.includes(nameOf(field)) || nameOf(field).endsWith('__c')))
    .map((field) => ({ field, input: control(field) }));
  const problem = h('p', { class: 'problem', role: 'alert' });
  const cancel = h('button', { type: 'button', class: 'slds-button slds-button_neutral' }, 'Cancel');
  const form = h(
    'form',
    { class: 'slds-modal__container', role: 'dialog', 'aria-modal': 'true', 'aria-label': `Edit ${view.name}` },
    h('h2', {}, `Edit ${view.name}`),
    h(
      'div',
      { class: 'inputs' },
      ...inputs.map(({ field, input }) => h('label', {}, h('span', {}, field.label), input)),
    ),
    problem,
    h('div', { class: 'slds-modal__footer' }, cancel, h('button', { class: 'slds-button slds-button_brand' }, 'Save')),
  );
  cancel.addEventListener('click', () => done(false));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const changed = inputs.filter(({ field, input }) => entered(input) !== (field.value ?? ''));
    const values = Object.fromEntries(changed.map(({ input }) => [input.name, entered(input)]));
    const response = await fetch('/aura?r=1&aura.RecordUi.updateRecord=1', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ id: view.id, values }),
    });
    if (response.ok) done(true);
    else problem.textContent = await response.text();
  });
  return h('div', { class: 'slds-modal' }, form);
}

const entered = (input: HTMLInputElement): string | boolean =>
  input.type === 'checkbox' ? input.checked : input.value;
