import { useState } from 'preact/hooks';
import { forgetReadings } from '../background/cache.ts';
import { apiHostOf, isApiHost } from '../background/host.ts';
import { browser } from '../browser.ts';
import type { PageRequest } from '../page-messages.ts';
import { say } from '../say.ts';
import { signOut } from '../signin/login.ts';
import { openSignIn } from '../signin/window.ts';

/** Host of an org's address as people copy it: of its API or of its Lightning pages, with or without https. */
function hostOf(typed: string): string | undefined {
  const text = typed.trim().toLowerCase();
  const address = text.includes('://') ? text : `https://${text}`;
  if (!URL.canParse(address)) return undefined;
  const { hostname, origin } = new URL(address);
  return isApiHost(hostname) ? hostname : apiHostOf(origin);
}

/** Signs out, drops what was read meanwhile, and has open pages say so. */
async function leave(host: string): Promise<void> {
  await signOut(host);
  await forgetReadings(host);
  const request: PageRequest = { kind: 'session-changed', host };
  await browser.runtime.sendMessage(request);
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

  const submit = async (event: Event) => {
    event.preventDefault();
    const host = hostOf(typed);
    setWrong(host === undefined ? 'options_org_wrong' : ready ? undefined : 'options_signins_key');
    if (host !== undefined && ready) await openSignIn(host);
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
              <button
                type="button"
                aria-label={say('options_sign_out_of', host)}
                onClick={() => void leave(host).then(load)}
              >
                {say('options_sign_out')}
              </button>
            </li>
          ))}
        </ul>
      )}
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
