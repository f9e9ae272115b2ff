import type { RecordView, View } from '../views.ts';
import { consoleFrame } from './console.ts';
import { editDialog } from './edit.ts';
import { frame } from './frame.ts';
import type { Header } from './highlights.ts';
import { homePage, listPage, missingPage } from './listing.ts';
import { recordPage } from './record.ts';
import { loadStyles } from './shadow.ts';

const { app, user = '', header, shadow, drawing } = document.documentElement.dataset;
const HEADER: Header = {
  kind: header === 'dynamic' ? 'dynamic' : 'standard',
  shadow: shadow === 'native' ? 'native' : 'synthetic',
  drawing: Number(drawing),
};

/** Pages shown before stay mounted, hidden, as Lightning keeps them. */
const { root, stage, search, pageClass, kept: most, mark } = app === 'console' ? consoleFrame(user) : frame(user);
const kept = new Map<string, HTMLElement>();
let shown: RecordView | undefined;
let dialog: HTMLElement | undefined;

async function viewAt(path: string): Promise<View> {
  const response = await fetch(`/lightning/view?path=${encodeURIComponent(path)}`);
  return response.json();
}

function build(view: View): HTMLElement {
  switch (view.kind) {
    case 'record':
      return recordPage(view, HEADER, () => go(location.pathname.replace(/\/view$/, '/edit')));
    case 'list':
      return listPage(view);
    case 'home':
      return homePage(view);
    case 'missing':
      return missingPage();
  }
}

function titleOf(view: View): string {
  if (view.kind === 'record') return `${view.name} | ${view.object} | Salesforce`;
  if (view.kind === 'list') return `Recently Viewed | ${view.object}s | Salesforce`;
  return view.kind === 'home' ? 'Home | Salesforce' : 'Salesforce';
}

/** Shows what the address names; `again` throws away what was kept of it. */
async function show(again = false): Promise<void> {
  const path = location.pathname;
  const editing = path.endsWith('/edit');
  const place = path.replace(/\/edit$/, '/view');
  closeDialog();
  const view = await viewAt(place);
  if (path !== location.pathname) return;
  if (again) {
    kept.get(place)?.remove();
    kept.delete(place);
  }
  const page = kept.get(place) ?? document.createElement('div');
  if (!kept.has(place)) {
    page.append(build(view));
    stage.append(page);
  }
  kept.delete(place);
  kept.set(place, page);
  const oldest = [...kept.keys()][0];
  if (kept.size > most && oldest !== undefined) {
    kept.get(oldest)?.remove();
    kept.delete(oldest);
  }
  for (const other of kept.values()) {
    other.hidden = other !== page;
    other.className = `${pageClass}${other === page ? ' active' : ''}`;
  }
  shown = view.kind === 'record' ? view : undefined;
  document.title = titleOf(view);
  mark(path, view.kind === 'record' ? view.name : document.title.replace(/ \| Salesforce$/, ''), forget);
  if (editing && view.kind === 'record') openDialog(view);
}

/** A closed tab's page goes with it. */
function forget(path: string, next: string | undefined): void {
  kept.get(path)?.remove();
  kept.delete(path);
  if (next !== undefined) void go(next);
}

function openDialog(view: RecordView): void {
  dialog = editDialog(view, (saved) => go(location.pathname.replace(/\/edit$/, '/view'), saved));
  document.body.append(dialog);
  dialog.querySelector('input')?.focus();
}

function closeDialog(): void {
  dialog?.remove();
  dialog = undefined;
}

function go(path: string, again = false): Promise<void> {
  history.pushState({}, '', path);
  return show(again);
}

document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  const href = link?.getAttribute('href');
  if (!href?.startsWith('/lightning/') || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  void go(href);
});
window.addEventListener('popstate', () => void show());

/** Every key that reaches the page is written on the document, so that a test sees what an overlay lets through. */
window.addEventListener(
  'keydown',
  (event) => {
    const { dataset } = document.documentElement;
    dataset.heard = `${dataset.heard ?? ''}${dataset.heard ? ' ' : ''}${event.key}`;
  },
  true,
);

/** Lightning's own shortcuts, as far as a rep notices them: `e` edits, `/` searches, Escape closes. */
document.addEventListener('keydown', (event) => {
  const typing = event.target instanceof Element && event.target.matches('input, textarea, select, [contenteditable]');
  if (event.key === 'Escape' && dialog !== undefined) void go(location.pathname.replace(/\/edit$/, '/view'));
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'e' && shown !== undefined && dialog === undefined) {
    event.preventDefault();
    void go(location.pathname.replace(/\/view$/, '/edit'));
  }
  if (event.key === '/') {
    event.preventDefault();
    search.focus();
  }
});

if (HEADER.shadow === 'native') await loadStyles();
document.body.replaceChildren(root);
void show();
