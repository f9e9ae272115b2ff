import { useEffect, useState } from 'preact/hooks';
import { signedInHosts } from '../signin/session-store.ts';

/** Hosts of the orgs that somebody is signed in to, and a way to look again. */
export function useSignedInHosts(): readonly [hosts: readonly string[], again: () => Promise<void>] {
  const [hosts, setHosts] = useState<readonly string[]>([]);
  const load = async () => setHosts(await signedInHosts());

  useEffect(() => {
    void load();
    // The sign-in window is another page: look again when this one is looked at again.
    const again = () => void load();
    window.addEventListener('focus', again);
    return () => window.removeEventListener('focus', again);
  }, []);

  return [hosts, load];
}
