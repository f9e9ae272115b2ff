/** A service's own words in the middle of ours: they may be a sentence already, and end like one. */
export function theirWords({ message }: Error): string {
  return message.replace(/\.+$/, '');
}
