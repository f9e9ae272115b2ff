import type { Status } from '../messages.ts';
import type { OpenRecord } from './statuses.ts';

/** The signs on the toolbar button: a shape and a title each, so that the colour says nothing alone. */
export type Sign = '' | '⊘' | '!';

/**
 * The toolbar button, as the browser keeps it: it outlives the worker, and a tab's own sign ends when the tab goes to
 * another document.
 */
export interface Toolbar {
  /** What is shown where a tab has nothing of its own. */
  all(): Promise<{ readonly sign: string; readonly title: string }>;
  /** For all tabs, or for one; an empty sign leaves a tab with the one for all. A tab that is closed by now is no error. */
  show(sign: Sign, title: string, tab?: number): Promise<void>;
}

export type BadgeText = 'extension_name' | 'badge_out' | 'badge_out_in_part' | 'badge_stuck';

export interface BadgePorts {
  readonly toolbar: Toolbar;
  /** What a tab shows of an org, null where it is another page. */
  shown(tab: number): Promise<{ readonly host: string; readonly record: string | null } | null>;
  current(record: OpenRecord): Promise<Status>;
  say(key: BadgeText): string;
}

/**
 * Draws a tab's sign anew, from what the tab shows now and nothing else, so that it does not matter how long a worker
 * lives: for all tabs that something is stuck (stuck.ts), and else for a tab that its record is opted out.
 */
export function createBadge({ toolbar, shown, current, say }: BadgePorts): (tab: number) => Promise<void> {
  return async (tab) => {
    const all = await toolbar.all();
    // What is stuck wins: the tab has no sign of its own then.
    const page = all.sign ? null : await shown(tab);
    const status = page?.record ? await current({ host: page.host, record: page.record }) : null;
    if (!status?.optedOut) return toolbar.show('', all.sign ? all.title : say('extension_name'), tab);
    return toolbar.show('⊘', say(status.state === 'differs' ? 'badge_out_in_part' : 'badge_out'), tab);
  };
}
