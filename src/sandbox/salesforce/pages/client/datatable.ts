import type { ListView } from '../views.ts';
import { h, nest } from './dom.ts';
import { output } from './output.ts';

/** So many rows come at once, the first after a moment and more when the list is scrolled to its end. */
const ROWS = 25;

type Row = ListView['rows'][number];

/** The cell of a field; the first one links the record. */
function cell(view: ListView, { id, fields }: Row, i: number): HTMLElement {
  const field = fields[i];
  if (!field) return h('td', {});
  const label = { 'data-label': field.label };
  if (i > 0)
    return h('td', label, nest(['lightning-primitive-cell-factory', 'div.slds-truncate'], output(field, view.object)));
  const link = h('a', { href: `/lightning/r/${view.object}/${id}/view` }, String(field.value ?? ''));
  return h('th', { scope: 'row', ...label }, nest(['lightning-primitive-cell-factory', 'div.slds-truncate'], link));
}

/** Says in the cells of a row what another row says, as a table that keeps its rows when it is sorted does. */
function reuse(tr: HTMLElement, view: ListView, row: Row): void {
  tr.dataset.rowKeyValue = row.id;
  row.fields.forEach((_, i) => {
    const old = tr.children[i];
    const fresh = cell(view, row, i);
    const [text, next] = [textIn(old), textIn(fresh)];
    const link = old?.querySelector('a');
    const href = fresh.querySelector('a')?.getAttribute('href');
    if (text && next && !!link === !!href) {
      text.data = next.data;
      if (link && href) link.setAttribute('href', href);
    } else old?.replaceWith(fresh);
  });
}

function textIn(element: Element | undefined): Text | null {
  return element ? (document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode() as Text | null) : null;
}

/**
 * A list's table with a scroller of its own: rows come late, more of them at the end, and a header sorts. Rows carry
 * their record's id as `data-row-key-value`, as Lightning's data tables do (seen in public code, not measured).
 */
export function datatable(view: ListView): HTMLElement {
  const labels = view.rows[0]?.fields.map((field) => field.label) ?? [];
  const body = h('tbody', {});
  let rows = [...view.rows];
  const more = () => {
    for (const row of rows.slice(body.children.length, body.children.length + ROWS))
      body.append(h('tr', { 'data-row-key-value': row.id }, ...labels.map((_, i) => cell(view, row, i))));
  };
  let sorted = -1;
  const sort = (column: number) => {
    const said = (row: Row) => String(row.fields[column]?.value ?? '');
    rows = [...rows].sort((a, b) => said(a).localeCompare(said(b)) * (sorted === column ? -1 : 1));
    sorted = sorted === column ? -1 : column;
    [...body.children].forEach((tr, i) => {
      const row = rows[i];
      if (row && tr instanceof HTMLElement) reuse(tr, view, row);
    });
  };
  const heads = labels.map((label, i) => {
    const button = h('button', { class: 'slds-button' }, label);
    button.addEventListener('click', () => sort(i));
    return h('th', { scope: 'col' }, button);
  });
  const table = h('table', { class: 'slds-table', role: 'grid' }, h('thead', {}, h('tr', {}, ...heads)), body);
  const scroller = h('div', { class: 'slds-scrollable_y' }, table);
  scroller.addEventListener('scroll', () => {
    if (scroller.scrollTop + scroller.clientHeight > scroller.scrollHeight - 20) more();
  });
  setTimeout(more, 50);
  return nest(['lightning-datatable'], scroller);
}
