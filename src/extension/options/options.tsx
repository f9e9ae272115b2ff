import { useEffect, useState } from 'preact/hooks';
import { ask } from '../ask.ts';
import { say } from '../say.ts';
import { CATALOGUE, SETTING_NAMES, type SettingName, type Texts } from '../settings/catalogue.ts';
import { saveSettings, settingsPorts } from '../settings/saved.ts';
import { readSettings, type SettingsState } from '../settings/settings.ts';
import { redirectUri } from '../signin/login.ts';
import { tell } from '../tell.ts';
import { Access } from './access.tsx';
import { checked, type Drafts, draftsOf, isUnsaved, unknownNames, type Wrong } from './drafts.ts';
import { Field } from './field.tsx';
import { Install } from './install/install.tsx';
import type { Used } from './install/use-field.tsx';
import { SignIns } from './sign-ins.tsx';
import { useSignedInHosts } from './signed-in-hosts.ts';
import { TestConnection } from './test-connection.tsx';

const load = () => readSettings(settingsPorts);

/** The options page: one form, made from the catalogue of settings. */
export function Options() {
  const [state, setState] = useState<SettingsState>();
  const [drafts, setDrafts] = useState<Drafts>();
  const [wrong, setWrong] = useState<Wrong>({});
  const [said, setSaid] = useState('');
  /** Why what is there was not read, or what was to be saved was not saved. */
  const [refused, setRefused] = useState<'options_unread' | 'options_wrong' | 'options_unkept'>();
  /** Counts what is typed of the account: what a test of it said before is no answer any more. */
  const [typed, setTyped] = useState(0);
  const [unknown, setUnknown] = useState<readonly string[]>([]);
  const [hosts, loadHosts] = useSignedInHosts();

  const begin = async () => {
    setRefused(undefined);
    try {
      const loaded = await load();
      setState(loaded);
      setDrafts(draftsOf(loaded));
      setWrong(loaded.wrong);
    } catch {
      setRefused('options_unread');
    }
  };

  useEffect(() => {
    void begin();
    void unknownNames(settingsPorts.policy).then(setUnknown);
  }, []);

  if (!state || !drafts) {
    return refused ? (
      <div class="alert" role="alert">
        <p>{say(refused)}</p>
        <button type="button" class="main" onClick={() => void begin()}>
          {say('signin_again')}
        </button>
      </div>
    ) : null;
  }

  const save = async (event: Event) => {
    event.preventDefault();
    const result = checked(drafts, state);
    setWrong(result.wrong);
    setSaid('');
    const first = SETTING_NAMES.find((name) => result.wrong[name]);
    setRefused(first && 'options_wrong');
    if (first) {
      document.getElementById(`setting-${first}`)?.focus();
      return;
    }
    await keep(result.texts, (loaded) => {
      setDrafts(draftsOf(loaded));
      setWrong(loaded.wrong);
    });
  };

  /** Saves, and says what came of it; resolves whether it is saved. */
  const keep = async (texts: Texts, show?: (loaded: SettingsState) => void): Promise<boolean> => {
    try {
      await saveSettings(texts);
    } catch {
      setRefused('options_unkept');
      return false;
    }
    const told = await tell(ask, { kind: 'settings-changed' });
    const loaded = await load().catch(() => undefined);
    if (loaded) {
      setState(loaded);
      show?.(loaded);
    }
    setSaid(say(told ? 'options_saved' : 'options_untold'));
    return true;
  };

  /** Saves the field and nothing else of the form, unless the lists have to be said with it: then it is only filled in. */
  const use = async (optOutField: string): Promise<Used> => {
    setDrafts({ ...drafts, optOutField });
    const { lists } = checked({ ...draftsOf(state), optOutField }, state).wrong;
    if (lists === undefined) return (await keep({ optOutField })) ? 'used' : 'unsaved';
    setWrong({ ...wrong, lists });
    document.getElementById('setting-lists')?.focus();
    return 'lists';
  };

  const field = (name: SettingName) => (
    <Field
      key={name}
      name={name}
      typed={CATALOGUE[name].secret && state.from[name] === 'policy' ? '' : drafts[name]}
      wrong={wrong[name]}
      policy={state.from[name] === 'policy'}
      kept={state.texts[name] !== undefined}
      onType={(text) => {
        setDrafts({ ...drafts, [name]: text });
        // Said of what stood there before; what stands there now is looked at when it is saved.
        setWrong({ ...wrong, [name]: undefined });
        setSaid('');
        setRefused(undefined);
        if (/^(activeCampaign|lists)/.test(name)) setTyped(typed + 1);
      }}
    />
  );

  return (
    <>
      <header>
        <img src="/icons/128.png" alt="" />
        <div>
          <h1>{say('options_title')}</h1>
          <p>{say('options_intro')}</p>
        </div>
      </header>
      {Object.values(state.from).includes('policy') && <p class="note">{say('options_policy_note')}</p>}
      {unknown.length > 0 && <p class="note">{say('options_policy_unknown', unknown.join(', '))}</p>}
      <Access />
      <form onSubmit={(event) => void save(event)} noValidate>
        <section aria-labelledby="salesforce">
          <h2 id="salesforce">Salesforce</h2>
          <p>{say('options_salesforce_intro')}</p>
          {field('salesforceClientId')}
          <p class="hint">
            {say('options_redirect')} <code>{redirectUri()}</code>
          </p>
          {field('optOutField')}
          {field('allowOptIn')}
          {field('logChanges')}
          {field('nightlyUser')}
          {field('listMarks')}
        </section>
        <section aria-labelledby="activecampaign">
          <h2 id="activecampaign">ActiveCampaign</h2>
          <p>{say('options_activecampaign_intro')}</p>
          {field('activeCampaignUrl')}
          {field('activeCampaignKey')}
          {field('lists')}
          {field('preferenceLink')}
          <TestConnection key={typed} drafts={drafts} state={state} />
        </section>
        {refused && (
          <p class="alert" role="alert">
            {say(refused)}
          </p>
        )}
        <div class="bar">
          <button type="submit" class="main">
            {say('options_save')}
          </button>
          <p class="said good" role="status">
            {said}
          </p>
          {!said && isUnsaved(drafts, state) && <p class="hint">{say('options_unsaved')}</p>}
        </div>
      </form>
      <SignIns hosts={hosts} ready={state.settings.salesforceClientId !== null} load={loadHosts} />
      <Install hosts={hosts} state={state} onUse={use} />
    </>
  );
}
