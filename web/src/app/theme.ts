import { createTheme, type MantineColorsTuple, virtualColor } from '@mantine/core';
import { InputLabel } from '../components/input-label.tsx';

/** Dusk: actions in the light scheme. */
const dusk: MantineColorsTuple = [
  '#eef0f8',
  '#d9ddee',
  '#b2bada',
  '#8994c5',
  '#6874b3',
  '#525fa8',
  '#43509a',
  '#35427f',
  '#2c376c',
  '#20294f',
];

/** Lamp light: actions in the dark scheme, and accents in both. */
const lamp: MantineColorsTuple = [
  '#fff8e6',
  '#fdefcb',
  '#fbe3a6',
  '#f6d98b',
  '#f0c65c',
  '#e3ac35',
  '#c98d18',
  '#9a6700',
  '#7d5300',
  '#5c3c00',
];

/** Backgrounds and lines of the dark scheme: dark blue instead of black. */
const dark: MantineColorsTuple = [
  '#e6e9f2',
  '#b3bace',
  '#8b93ab',
  '#5b647e',
  '#3a4259',
  '#2b3246',
  '#1c2131',
  '#141824',
  '#10131d',
  '#0b0e16',
];

const headings = "'Bricolage Grotesque Variable', system-ui, sans-serif";

export const theme = createTheme({
  components: {
    InputWrapper: { defaultProps: { labelProps: { component: InputLabel } } },
    // What is hidden loses the focus: so it would when the button of an open menu is scrolled out of sight.
    Menu: { defaultProps: { hideDetached: false } },
    // These are named by what is no `<label>`. They are in dialogs, where the language does not change.
    RadioGroup: { defaultProps: { labelProps: {} } },
    CheckboxGroup: { defaultProps: { labelProps: {} } },
  },
  colors: { dusk, lamp, dark, primary: virtualColor({ name: 'primary', light: 'dusk', dark: 'lamp' }) },
  primaryColor: 'primary',
  primaryShade: { light: 7, dark: 3 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, monospace",
  headings: {
    fontFamily: headings,
    fontWeight: '650',
    sizes: {
      h1: { fontSize: 'clamp(1.6rem, 5vw, 2.1rem)', lineHeight: '1.15' },
      h2: { fontSize: '1.2rem', lineHeight: '1.3' },
      h3: { fontSize: '1.02rem', lineHeight: '1.35' },
    },
  },
});
