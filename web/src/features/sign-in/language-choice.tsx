import { useLingui } from '@lingui/react/macro';
import { NativeSelect } from '@mantine/core';
import { chooseLanguage, isLanguage, LANGUAGES } from '../../lib/language.ts';
import classes from './language-choice.module.css';

/** Changes the language of the page at once, and of later visits. */
export function LanguageChoice() {
  const { t, i18n } = useLingui();
  return (
    <NativeSelect
      classNames={classes}
      label={t`Language`}
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
    </NativeSelect>
  );
}
