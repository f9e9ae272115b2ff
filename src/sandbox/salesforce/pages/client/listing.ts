import type { Card, HomeView, ListView } from '../views.ts';
import { datatable } from './datatable.ts';
import { h, icon, nest } from './dom.ts';

/** A list view: name, company, phone, address, owner. */
export function listPage(view: ListView): HTMLElement {
  const badge = h('div', { class: `entity ${view.object}` });
  badge.append(icon(view.object === 'Contact' ? 'contact' : 'lead'));
  return nest(
    ['div.forceListViewManager.slds-card'],
    h(
      'div',
      { class: 'slds-page-header__row' },
      badge,
      h('div', {}, h('div', { class: 'entityNameTitle' }, `${view.object}s`), h('h1', {}, 'Recently Viewed')),
    ),
    h('p', { class: 'quiet' }, `${view.rows.length} of ${view.total} items`),
    datatable(view),
  );
}

const card = ({ title, lines }: Card): HTMLElement =>
  h(
    'div',
    { class: 'slds-card' },
    h('h2', {}, title),
    h(
      'ul',
      {},
      ...lines.map((line) =>
        h(
          'li',
          {},
          h('a', { href: `/lightning/r/${line.object}/${line.id}/view` }, line.name),
          h('span', {}, line.about),
        ),
      ),
    ),
  );

/** The home page with what was seen last. */
export function homePage(view: HomeView): HTMLElement {
  return nest(
    ['div.home'],
    h(
      'div',
      { class: 'slds-card welcome' },
      h('h1', {}, `Welcome, ${view.name.split(' ')[0] ?? ''}`),
      h('p', { class: 'quiet' }, 'Here is what you looked at last.'),
    ),
    h('div', { class: 'cards' }, ...view.cards.map(card)),
  );
}

/** What Lightning says of a record that is deleted or hidden. */
export function missingPage(): HTMLElement {
  return nest(
    ['div.slds-card.missing'],
    h('h1', {}, "Looks like there's a problem."),
    h('p', {}, "This record was deleted, or you don't have access to it."),
  );
}
