import type { Field } from '../views.ts';
import { h, nest } from './dom.ts';

/** A value as the page shows it; an empty one leaves its place empty. */
export function output(field: Field, object: string): HTMLElement {
  if (typeof field.value === 'boolean') {
    const box = h('input', { type: 'checkbox', disabled: '', 'aria-label': field.label });
    if (field.value) box.setAttribute('checked', '');
    return nest(['records-record-layout-checkbox', 'lightning-input'], box);
  }
  if (field.value === null) return h('span', { class: 'empty' }, '\u00a0');
  if (field.type === 'email') {
    const tag = `emailui-formatted-email-${object.toLowerCase()}`;
    const link = h('a', { href: `mailto:${field.value}` }, field.value);
    return nest([tag, 'emailui-formatted-email-wrapper', 'lightning-formatted-email'], link);
  }
  if (field.type === 'phone')
    return nest(['lightning-formatted-phone'], h('a', { href: `tel:${field.value}` }, field.value));
  const tag = field.type === 'datetime' ? 'lightning-formatted-date-time' : 'lightning-formatted-text';
  return h(tag, {}, field.value);
}
