import { Trans, useLingui } from '@lingui/react/macro';
import { chooseLanguage, isLanguage, LANGUAGES } from '../../lib/language.ts';
import classes from './language-choice.module.css';

/** Changes the language of the page at once, and of later visits. The browser's own select: the page loads fast. */
export function LanguageChoice() {
  const { i18n } = useLingui();
  return (
    <label className={classes.label}>
      <Trans>Language</Trans>
      <select
        className={classes.select}
        value={i18n.locale}
        onChange={({ currentTarget: { value } }) => {
          if (isLanguage(value)) void chooseLanguage(value);
        }}
      >
        {Object.entries(LANGUAGES).map(([language, name]) => (
          <option key={language} value={language} lang={language}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
