import { say } from '../say.ts';
import { CATALOGUE, type SettingName, STANDARD_FIELD, settingsOf } from '../settings/catalogue.ts';

interface FieldProps {
  readonly name: SettingName;
  readonly typed: string;
  readonly onType: (text: string) => void;
  /** Name of the message that says what is wrong with the value. */
  readonly wrong: string | undefined;
  readonly policy: boolean;
  /** A secret that is there already is not shown again. */
  readonly kept: boolean;
}

const EXAMPLES: Partial<Readonly<Record<SettingName, string>>> = {
  activeCampaignUrl: 'https://acme.api-us1.com',
  optOutField: STANDARD_FIELD,
  lists: 'all',
  preferenceLink: 'https://acme.example/email-preferences',
  nightlyUser: 'optbridge@acme.example',
};

/** What holds where nobody says anything. */
const USUAL = settingsOf({});

/** One setting with its label, what it is for, and what is wrong with it, all tied to the input for screen readers. */
export function Field({ name, typed, onType, wrong, policy, kept }: FieldProps) {
  const { secret } = CATALOGUE[name];
  const id = `setting-${name}`;
  const described = [`${id}-hint`, policy && `${id}-origin`, wrong && `${id}-wrong`].filter(Boolean).join(' ');
  const common = { id, name, 'aria-invalid': wrong ? 'true' : 'false', 'aria-describedby': described } as const;
  const input = {
    ...common,
    value: typed,
    placeholder: secret && kept ? '••••••••••••••••' : (EXAMPLES[name] ?? ''),
    readOnly: policy,
    autoComplete: 'off',
    spellcheck: false,
    onInput: (event: { readonly currentTarget: HTMLInputElement }) => onType(event.currentTarget.value),
  } as const;
  const usual = USUAL[name];
  const label = <label for={id}>{say(`settings_${name}`)}</label>;
  return (
    <div class="field">
      {typeof usual === 'boolean' ? (
        <div class="tick">
          <input
            type="checkbox"
            {...common}
            // What an administrator gave wrongly counts as no, as it does where it is used.
            checked={typed === '' ? usual && !wrong : typed === 'yes'}
            disabled={policy}
            onChange={({ currentTarget: { checked } }) => onType(checked === usual ? '' : checked ? 'yes' : 'no')}
          />
          {label}
        </div>
      ) : (
        <>
          {label}
          {secret ? <input type="password" {...input} /> : <input type="text" {...input} />}
        </>
      )}
      {wrong && (
        <p class="wrong" id={`${id}-wrong`}>
          {say(wrong)}
        </p>
      )}
      {policy && (
        <p class="origin" id={`${id}-origin`}>
          {say(wrong ? 'options_policy_wrong' : 'options_from_policy')}
        </p>
      )}
      <p class="hint" id={`${id}-hint`}>
        {say(`settings_${name}_hint`)} {kept && secret && !policy ? say('options_kept') : ''}
      </p>
    </div>
  );
}
