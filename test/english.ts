import { i18n } from '@lingui/core';

// The texts in the sources are English: no catalog is needed.
i18n.loadAndActivate({ locale: 'en', messages: {} });
