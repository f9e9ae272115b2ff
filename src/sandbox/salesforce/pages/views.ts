/** What the server tells the page to show: plain JSON. */

export interface Field {
  /** `Contact.Email`, `Contact.Account.Name`. */
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly value: string | boolean | null;
  /** Whether the viewer may change it on this record. */
  readonly editable: boolean;
}

export interface Section {
  readonly title: string;
  readonly fields: readonly Field[];
}

/** A record named in a related list. */
export interface Line {
  readonly id: string;
  readonly object: 'Contact' | 'Lead';
  readonly name: string;
  readonly about: string;
  /** Null where it has none, or the viewer may not see it. */
  readonly email: string | null;
}

export interface Card {
  readonly title: string;
  readonly lines: readonly Line[];
}

export interface RecordView {
  readonly kind: 'record';
  readonly object: 'Contact' | 'Lead';
  /** 18 characters. */
  readonly id: string;
  readonly name: string;
  readonly highlights: readonly Field[];
  readonly sections: readonly Section[];
  readonly cards: readonly Card[];
  readonly converted: boolean;
}

export interface ListView {
  readonly kind: 'list';
  readonly object: 'Contact' | 'Lead';
  readonly total: number;
  readonly rows: readonly { readonly id: string; readonly fields: readonly Field[] }[];
}

export interface HomeView {
  readonly kind: 'home';
  readonly name: string;
  readonly cards: readonly Card[];
}

export interface MissingView {
  readonly kind: 'missing';
}

export type View = (RecordView | ListView | HomeView | MissingView) & {
  /** Of the browser tab. */
  readonly title?: string;
};
