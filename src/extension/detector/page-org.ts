/**
 * The id of the page's org, where all that its cookies say of it is one: `oid`, and what stands before the `!` of `sid`.
 * Whether a script may read them is up to the org, so that not knowing is no reason for anything.
 */
export function pageOrg(cookies = document.cookie): { org?: string } {
  const found = new Set([...cookies.matchAll(/(?:^|; )(?:oid|sid)=(00D\w{12})/g)].map(([, id]) => id));
  const [org] = found;
  return found.size === 1 && org ? { org } : {};
}

/** The same, without holding up the page: to be told by `document.cookie` it stands still until another process answers. */
export async function askPageOrg(): Promise<{ org?: string }> {
  try {
    return pageOrg((await cookieStore.getAll()).map(({ name, value }) => `${name}=${value}`).join('; '));
  } catch {
    return pageOrg();
  }
}
