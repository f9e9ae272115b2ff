import { useRef, useState } from 'preact/hooks';
import { say } from '../../say.ts';
import type { SettingsState } from '../../settings/settings.ts';

/** What came of putting a field into the settings; `lists`: it has to be said first which lists go with it. */
export type Used = 'used' | 'lists' | 'unsaved';

interface UseFieldProps {
  /** A field that the org has. */
  readonly name: string;
  readonly state: SettingsState;
  /** Puts the field into the settings. */
  readonly onUse: (name: string) => Promise<Used>;
}

/** Offers to use a field that is there, where it is not in use and no policy says which is. */
export function UseField({ name, state, onUse }: UseFieldProps) {
  const [listsWanted, setListsWanted] = useState(false);
  const told = useRef<HTMLParagraphElement>(null);
  const { optOutField } = state.settings;
  const inUse = optOutField === name;
  const fixed = state.from.optOutField === 'policy';

  const use = async () => {
    const used = await onUse(name);
    setListsWanted(used === 'lists');
    // The button goes, and the focus with it.
    if (used === 'used') told.current?.focus();
  };

  return (
    <div class="bar">
      {!inUse && !fixed && (
        <button type="button" class="main" onClick={() => void use()}>
          {say('options_install_use')}
        </button>
      )}
      <p class="said" role="status" ref={told} tabIndex={-1}>
        {inUse
          ? say('options_install_in_use', name)
          : fixed
            ? say('options_install_policy', optOutField)
            : listsWanted && say('options_install_lists')}
      </p>
    </div>
  );
}
