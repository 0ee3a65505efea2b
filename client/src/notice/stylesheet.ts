/** Name, light and dark. All pairs of text and ground meet WCAG AA in both schemes. */
const COLOURS = [
  ['amber-ground', '#fdf1d3', '#33270c'],
  ['amber-line', '#d9a437', '#8a6a1d'],
  ['amber-text', '#5c3c00', '#fbe3a6'],
  ['cyan-ground', '#e3f3f6', '#10303a'],
  ['cyan-line', '#5aa9ba', '#2d7183'],
  ['cyan-text', '#0c4654', '#b8e6f1'],
  ['surface', '#fff', '#181d2b'],
  ['text', '#1d2233', '#eceef5'],
  ['soft', '#545a6d', '#a9b0c4'],
  ['red-text', '#8f1d17', '#ffbdb5'],
  ['field-line', '#83848f', '#78819a'],
  ['accent', '#35427f', '#f6d98b'],
  ['accent-text', '#fff', '#1d2233'],
  ['focus', '#b46a00', '#f6d98b'],
] as const;

/** Every colour is `--c-NAME` in here, and `--curfew-NAME` where the page sets it. */
const colours = (value: (light: string, dark: string) => string): string =>
  COLOURS.map(([name, light, dark]) => `--c-${name}:var(--curfew-${name},${value(light, dark)});`).join('');

/**
 * `!important` in here wins over every style of the page: a page that styles all elements, such as by `* { all: unset }`,
 * leaves the notice as it is. It is changed by custom properties and parts.
 */
export const CSS = `:host{all:initial!important;display:block!important;position:var(--curfew-position,fixed)!important;inset-block-start:var(--curfew-offset,0)!important;inset-inline:0!important;z-index:var(--curfew-z-index,2147483000)!important;color-scheme:var(--curfew-color-scheme,inherit)!important;font-family:var(--curfew-font,inherit)!important;font-size:var(--curfew-font-size,medium)!important;line-height:1.4!important;
${colours((light) => light)}}
@supports (color:light-dark(red,red)){:host{${colours((light, dark) => `light-dark(${light},${dark})`)}}}
*{box-sizing:border-box}
p,h2{margin:0;overflow-wrap:anywhere}
.bar{position:relative;border-block-end:1px solid var(--line);background:var(--ground);color:var(--tone);box-shadow:0 4px 16px #0002}
[data-tone=amber]{--line:var(--c-amber-line);--ground:var(--c-amber-ground);--tone:var(--c-amber-text)}
[data-tone=cyan]{--line:var(--c-cyan-line);--ground:var(--c-cyan-ground);--tone:var(--c-cyan-text)}
.line{display:flex;flex-wrap:wrap;gap:.5em .9em;align-items:center;max-width:82em;max-height:60vh;overflow:auto;margin:auto;padding:.6em clamp(.9em,3vw,1.5em)}
.text{flex:1 1 14em;min-width:0;font-weight:550}
.countdown{font-size:1.1em;font-weight:650;font-variant-numeric:tabular-nums}
.actions{display:flex;flex-wrap:wrap;gap:.6em;align-items:center;max-width:100%}
.progress{position:absolute;inset-block-end:-1px;inset-inline-start:0;inline-size:calc(var(--share)*100%);height:3px;background:var(--line);transition:inline-size 1s linear}
button,input{font:inherit;min-height:2.4em;max-width:100%;padding:.3em 1em;border:1px solid var(--c-field-line);border-radius:var(--curfew-radius,.5em);background:var(--c-surface);color:var(--c-text)}
button{font-weight:600;cursor:pointer}
.main{border-color:var(--c-accent);background:var(--c-accent);color:var(--c-accent-text)}
[aria-disabled]{opacity:.75;cursor:default}
.close{min-width:2.4em;padding:0;border-color:#0000;background:none;color:inherit}
.close::before{content:'\\2715';content:'\\2715'/''}
:focus-visible{outline:3px solid var(--c-focus);outline-offset:2px}
h2:focus,form:focus{outline:0}
.spoken,.close span{position:absolute;width:1px;height:1px;min-height:0;padding:0;border:0;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
dialog{width:min(26em,calc(100% - 2em));max-height:calc(100% - 2em);margin:auto;padding:0;overflow:auto;border:1px solid var(--line);border-block-start-width:6px;border-radius:var(--curfew-radius,.85em);background:var(--c-surface);color:var(--c-text);box-shadow:0 18px 60px #0005}
dialog::backdrop{background:#0b0e198c}
form{position:relative;display:grid;gap:.6em;padding:clamp(1.25em,5vw,1.75em)}
form>:empty:not(input){position:absolute}
h2{font-size:1.35em;line-height:1.2}
form p{color:var(--c-soft)}
form .countdown{color:var(--c-text)}
form .failure{color:var(--c-red-text)}
form .actions{margin-block-start:.8em}
label{font-weight:600;margin-block-end:-.35em}
[aria-invalid]{border-color:var(--c-red-text)}
@media (max-width:30em){.text{flex-basis:calc(100% - 5em)}.bar .actions{flex:1 1 100%;justify-content:space-between}form .actions>*{flex:1 1 100%}}
@media (forced-colors:active){.progress{display:none}:focus-visible{outline-color:Highlight}}
@media (prefers-reduced-motion:reduce){.progress{transition:none}}
@media print{:host{display:none!important}}`;
