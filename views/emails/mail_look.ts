import { hexOf } from "../colours.ts";
import { accentFor, type Scheme } from "../themes.ts";

/** The colours of static/css/tokens.css as mail programs read them, light and dark. */
const light = {
  ...{ paper: "#fbfaf7", line: "#dedcd8", ink: "#151c1f", soft: "#52595e" },
  ...{ accent: "#005b63", onAccent: "#fcfcfa" },
};
const dark = {
  ...{ paper: "#121416", line: "#313639", ink: "#e9e8e5", soft: "#adaba5" },
  ...{ accent: "#70c8cd", onAccent: "#02181a" },
};

const sans = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif";
const small = `color:${light.soft};font-size:14px;line-height:1.5;word-break:break-word`;

/** Background and text of the button: ours, or the agency's own, corrected so that it can be read. */
function buttonColours(accent: string | null | undefined, scheme: Scheme) {
  const ours = scheme === "light" ? light : dark;
  if (!accent) return { accent: ours.accent, ink: ours.onAccent };
  const own = accentFor(accent, scheme);
  return { accent: hexOf(own.accent), ink: hexOf(own.ink) };
}

export function buttonStyle(chosen: string | null | undefined): string {
  const { accent, ink } = buttonColours(chosen, "light");
  return `display:inline-block;padding:12px 20px;border-radius:8px;background:${accent};` +
    `color:${ink};font-weight:600;text-decoration:none`;
}

/** What the button stands on: one mail program gives space to a cell alone. */
export const groundStyle = (chosen: string | null | undefined) =>
  `border-radius:8px;background:${buttonColours(chosen, "light").accent};mso-padding-alt:12px 20px`;

/** The styles of each part of a mail, for the attribute. */
export const look = {
  body: `margin:0;padding:0;background:${light.paper};color:${light.ink}`,
  margin: "padding:24px 16px",
  sheet: "width:100%;max-width:560px;text-align:left",
  text: `color:${light.ink};${sans};font-size:16px;line-height:1.6;word-break:break-word`,
  head: `margin:0 0 24px;padding:0 0 12px;border-bottom:1px solid ${light.line}`,
  reference: `color:${light.soft};white-space:pre-wrap`,
  preview: "display:none;max-height:0;overflow:hidden;mso-hide:all",
  lead: "margin:0 0 16px;font-size:20px;line-height:1.35;font-weight:600",
  line: "margin:0 0 16px;white-space:pre-line",
  facts: "margin:0 0 16px;border-collapse:collapse",
  label: `padding:4px 16px 4px 0;color:${light.soft};font-weight:400;text-align:left;` +
    "vertical-align:top;white-space:nowrap",
  value: "padding:4px 0;font-weight:600;vertical-align:top",
  action: "margin:24px 0 12px",
  small: `margin:0 0 24px;${small}`,
  foot: `margin:32px 0 0;padding:16px 0 0;border-top:1px solid ${light.line};${small}`,
  footLine: "margin:0 0 8px",
  link: `color:${light.soft}`,
};

/** Without quotes and angle brackets, so that it stands in the page as it is written here. */
export function darkStyle(chosen: string | null | undefined): string {
  const { accent, ink } = buttonColours(chosen, "dark");
  return `:root{color-scheme:light dark;supported-color-schemes:light dark}` +
    `@media (prefers-color-scheme:dark){` +
    `.paper{background:${dark.paper}!important;color:${dark.ink}!important}` +
    `.ink{color:${dark.ink}!important}.soft,.link{color:${dark.soft}!important}` +
    `.rule{border-color:${dark.line}!important}` +
    `.ground{background:${accent}!important}` +
    `.button{background:${accent}!important;color:${ink}!important}}`;
}
