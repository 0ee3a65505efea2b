import { useLingui } from '@lingui/react/macro';
import { Menu } from '@mantine/core';
import { Check } from 'lucide-react';
import { chooseLanguage, isLanguage, LANGUAGES } from '../lib/language.ts';

/** The languages as items of a menu, each in itself. The pages change at once; what is typed stays. */
export function LanguageChoice() {
  const { t, i18n } = useLingui();
  return (
    <div role="group" aria-label={t`Language`}>
      {Object.entries(LANGUAGES).map(([language, name]) => (
        <Menu.Item
          key={language}
          aria-current={i18n.locale === language || undefined}
          lang={language}
          leftSection={
            <Check size={16} aria-hidden visibility={i18n.locale === language ? undefined : 'hidden'} />
          }
          onClick={() => {
            if (isLanguage(language)) void chooseLanguage(language);
          }}
        >
          {name}
        </Menu.Item>
      ))}
    </div>
  );
}
