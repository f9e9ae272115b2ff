export type Fields = Readonly<Record<string, unknown>>;

/** What a message of each kind must look like. */
export type Valid<M extends { readonly kind: string }> = { readonly [K in M['kind']]: (message: Fields) => boolean };

/** The message, known to be of one of these kinds and well formed, or undefined. */
export function wellFormed<M extends { readonly kind: string }>(valid: Valid<M>, message: unknown): M | undefined {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return undefined;
  const { kind } = message;
  if (typeof kind !== 'string' || !Object.hasOwn(valid, kind)) return undefined;
  return valid[kind as M['kind']](message as Fields) ? (message as M) : undefined;
}

export function anyhow(): boolean {
  return true;
}

export function isActId(act: unknown): boolean {
  return typeof act === 'string' && /^[\w-]{1,64}$/.test(act);
}
