/** An answer with its body read, so that nothing stays open. */
export type Answer = { status: number; headers: Headers; text: string; location: string };
type Sent = { htmx?: boolean; headers?: Record<string, string>; target?: string };

/** A person with a cookie jar who fetches pages, fills forms and posts them; follows no redirects. */
export class Visitor {
  readonly cookies = new Map<string, string>();

  constructor(readonly url: string) {}

  async get(path: string, sent: Sent = {}): Promise<Answer> {
    return await this.#ask(path, { headers: this.#headers(sent) });
  }

  /** Posts fields as a page of the app's own would; an array repeats a field. */
  async post(
    path: string,
    fields: Record<string, string | string[]>,
    sent: Sent = {},
  ): Promise<Answer> {
    const body = new URLSearchParams();
    for (const [name, values] of Object.entries(fields)) {
      for (const value of [values].flat()) body.append(name, value);
    }
    return await this.#ask(path, {
      method: "POST",
      body,
      headers: { Origin: this.url, ...this.#headers(sent) },
    });
  }

  /** Fetches `page`, takes the hidden fields of its form to `action`, adds `fields` and posts them. */
  async fill(
    page: string,
    action: string,
    fields: Record<string, string> = {},
    sent: Sent = {},
  ): Promise<Answer> {
    const { text } = await this.get(page);
    return await this.post(action, { ...hiddenFields(text, action), ...fields }, sent);
  }

  /** Any request at all, cookies added. */
  async send(path: string, init: RequestInit): Promise<Answer> {
    return await this.#ask(path, {
      ...init,
      headers: { ...this.#headers({}), ...init.headers as Record<string, string> },
    });
  }

  /** The raw answer, for streams. The caller ends it. */
  async open(
    path: string,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<Response> {
    return await fetch(this.url + path, {
      redirect: "manual",
      headers: { ...this.#headers({}), ...headers },
      signal,
    });
  }

  #headers({ htmx, headers }: Sent): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const live = { "HX-Request": "true", "HX-Request-Type": "partial" };
    return { ...(cookie ? { cookie } : {}), ...(htmx ? live : {}), ...headers };
  }

  async #ask(path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(this.url + path, { redirect: "manual", ...init });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const { status, headers } = response;
    return {
      status,
      headers,
      text: await response.text(),
      location: headers.get("location") ?? "",
    };
  }

  #keep(line: string) {
    const [name = "", value = ""] = line.split(";")[0]?.split(/=(.*)/s) ?? [];
    if (value === "") this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** The hidden fields of the page's first form that posts to `action`. */
export function hiddenFields(html: string, action: string): Record<string, string> {
  const forms = html.match(/<form\b[\s\S]*?<\/form>/g) ?? [];
  const form = forms.find((text) => text.includes(`action="${action}"`));
  if (!form) throw new Error(`no form posts to ${action}`);
  const inputs = form.match(/<input\b[^>]*type="hidden"[^>]*>/g) ?? [];
  return Object.fromEntries(
    inputs.map((input) => [attribute(input, "name"), attribute(input, "value")]),
  );
}

/** The value of an attribute in a piece of our own HTML. */
export function attribute(html: string, name: string): string {
  const value = html.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1] ?? "";
  return value.replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&lt;/g, "<").replace(
    /&gt;/g,
    ">",
  )
    .replace(/&amp;/g, "&");
}
