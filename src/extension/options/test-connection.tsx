import { useState } from 'preact/hooks';
import { createActiveCampaign } from '../../activecampaign/client.ts';
import { failureSays } from '../failure-says.ts';
import { say } from '../say.ts';
import { listsOf } from '../settings/catalogue.ts';
import type { SettingsState } from '../settings/settings.ts';
import { accountIn, type Drafts } from './drafts.ts';

interface Result {
  readonly good: boolean;
  readonly words: string;
}

/** Asks ActiveCampaign who the key belongs to and which lists it may see, with what the form says now. */
async function test(drafts: Drafts, state: SettingsState): Promise<Result> {
  const account = accountIn(drafts, state);
  if ('wrong' in account) return { good: false, words: say(account.wrong) };
  const { url, key, lists: listed } = account;
  const client = createActiveCampaign({
    url,
    key,
    fetch: (address, init) => fetch(address, init),
    sleep: (ms) => new Promise((wake) => setTimeout(wake, ms)),
    now: () => Date.now(),
    random: () => Math.random(),
  });
  const { username } = await client.me();
  const lists = (await client.lists()).filter(({ channel }) => channel !== 'sms');
  const chosen = listsOf(listed || 'all');
  const hidden = chosen === 'all' ? undefined : chosen.find((id) => !lists.some((list) => list.id === id));
  if (hidden !== undefined) return { good: false, words: say('overlay_own_hidden_list', hidden) };
  return { good: true, words: say('options_test_good', username, String(lists.length)) };
}

/** The button and what came of it. */
export function TestConnection({ drafts, state }: { readonly drafts: Drafts; readonly state: SettingsState }) {
  const [result, setResult] = useState<Result>();
  const [busy, setBusy] = useState(false);

  const run = async () => {
    setBusy(true);
    setResult(undefined);
    try {
      setResult(await test(drafts, state));
    } catch (cause) {
      setResult({ good: false, words: failureSays(cause) });
    } finally {
      setBusy(false);
    }
  };

  return (
    <div class="bar">
      <button type="button" disabled={busy} onClick={() => void run()}>
        {say('options_test')}
      </button>
      <p class={`said ${result?.good ? 'good' : 'bad'}`} role="status">
        {busy ? say('options_testing') : result?.words}
      </p>
    </div>
  );
}
