import { useState } from 'preact/hooks';
import { ask } from '../ask.ts';
import { forgetReadings } from '../background/cache.ts';
import { apiHostOf, isApiHost } from '../background/host.ts';
import { say } from '../say.ts';
import { signOut } from '../signin/login.ts';
import { openSignIn } from '../signin/window.ts';
import { tell } from '../tell.ts';

/** Host of an org's address as people copy it: of its API or of its Lightning pages, with or without https. */
function hostOf(typed: string): string | undefined {
  const text = typed.trim().toLowerCase();
  const address = text.includes('://') ? text : `https://${text}`;
  if (!URL.canParse(address)) return undefined;
  const { hostname, origin } = new URL(address);
  return isApiHost(hostname) ? hostname : apiHostOf(origin);
}

/** Signs out, drops what was read meanwhile, and has open pages say so; resolves what came of it, in words. */
async function leave(host: string): Promise<string> {
  try {
    await signOut(host);
  } catch {
    return say('options_unkept');
  }
  // In memory only, and of no use to anybody who is signed out.
  await forgetReadings(host).catch(() => undefined);
  return (await tell(ask, { kind: 'session-changed', host })) ? say('options_signed_out', host) : say('options_untold');
}

interface SignInsProps {
  readonly hosts: readonly string[];
  /** Whether the consumer key is saved: Salesforce asks nobody without it. */
  readonly ready: boolean;
  readonly load: () => Promise<void>;
}

/** Orgs somebody signed in to, and a way to sign in to another. */
export function SignIns({ hosts, ready, load }: SignInsProps) {
  const [typed, setTyped] = useState('');
  /** Name of the message that says why nobody can be asked to sign in. */
  const [wrong, setWrong] = useState<string>();
  /** What came of signing out. */
  const [left, setLeft] = useState('');

  const submit = async (event: Event) => {
    event.preventDefault();
    const host = hostOf(typed);
    setWrong(host === undefined ? 'options_org_wrong' : ready ? undefined : 'options_signins_key');
    if (host !== undefined && ready) await openSignIn(host).catch(() => setWrong('signin_no_open'));
  };

  const out = async (host: string) => {
    setLeft('');
    const words = await leave(host);
    await load();
    setLeft(words);
  };

  return (
    <section aria-labelledby="signins">
      <h2 id="signins">{say('options_signins')}</h2>
      <p>{say('options_signins_intro')}</p>
      {hosts.length > 0 && (
        <ul class="orgs">
          {hosts.map((host) => (
            <li key={host}>
              <span>{host}</span>
              <button type="button" aria-label={say('options_sign_out_of', host)} onClick={() => void out(host)}>
                {say('options_sign_out')}
              </button>
            </li>
          ))}
        </ul>
      )}
      <p class="said" role="status">
        {left}
      </p>
      <form class="inline" onSubmit={(event) => void submit(event)} noValidate>
        <div class="field">
          <label for="org">{say('options_org')}</label>
          <input
            id="org"
            type="text"
            value={typed}
            placeholder="https://acme.my.salesforce.com"
            autoComplete="off"
            spellcheck={false}
            aria-invalid={wrong === 'options_org_wrong' ? 'true' : 'false'}
            aria-describedby={wrong ? 'org-wrong' : undefined}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
        <button type="submit">{say('options_sign_in')}</button>
      </form>
      {wrong && (
        <p class="wrong" id="org-wrong" role="alert">
          {say(wrong)}
        </p>
      )}
    </section>
  );
}
