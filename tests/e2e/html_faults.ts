import { type ConfigData, HtmlValidate, StaticConfigLoader } from "html-validate";

/** All it knows of the standard, WCAG and good habits, but for what is no fault in the HTML that we write. */
const config: ConfigData = {
  root: true,
  extends: ["html-validate:recommended", "html-validate:document"],
  rules: {
    // hono/jsx writes `<br/>`, `required=""`: the standard allows both.
    "void-style": "off",
    "attribute-boolean-style": "off",
    "attribute-empty-style": "off",
    "doctype-style": ["error", { style: "lowercase" }],
    // What comes from our own address is under a name made of its bytes already.
    "require-sri": ["error", { target: "crossorigin" }],
    // Of a list as many may be chosen as there are.
    "form-dup-name": ["error", { shared: ["radio", "checkbox", "button", "submit"] }],
  },
};

/** The rules are the same for all pages: put together once. */
class Loader extends StaticConfigLoader {
  #rules?: ReturnType<StaticConfigLoader["getConfigFor"]>;

  override getConfigFor(handle: string) {
    return this.#rules ??= super.getConfigFor(handle);
  }
}

const validator = new HtmlValidate(new Loader(config));

/** What is wrong with the text of a page, one line for each fault. */
export async function htmlFaults(html: string): Promise<string[]> {
  const { results } = await validator.validateString(html);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, selector }) => `${ruleId} | ${selector} | ${message}`)
  );
}
