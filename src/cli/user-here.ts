import { userInfo } from 'node:os';

/** Who is at this machine; a container may have no name for its user. */
export function userHere(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
