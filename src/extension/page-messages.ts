/**
 * What the extension's own pages (options, sign-in) ask of the background. A content script that sends one of these is
 * refused.
 */
export type PageRequest =
  /** Somebody signed in to this org, or out of it: read again and go on with what waits for it. */
  | { readonly kind: 'session-changed'; readonly host: string }
  /** Settings were saved: forget clients built from the old ones and go on with what waits. */
  | { readonly kind: 'settings-changed' };

export type PageAnswer = { readonly ok: true } | { readonly ok: false; readonly refused: string };
