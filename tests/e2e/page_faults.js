// Runs first in every page: remembers what goes wrong there, and tells it when asked.
const refused = [];
addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  refused.push(`against the security policy: ${effectiveDirective} ${blockedURI}`);
});

const moved = [];
const keep = (entries) => moved.push(...entries.filter(({ hadRecentInput }) => !hadRecentInput));
const shifts = new PerformanceObserver((list) => keep(list.getEntries()));
shifts.observe({ type: "layout-shift", buffered: true });

/** What axe finds, one line per element. */
globalThis.listViolations = async (runOnly) => {
  const wish = { runOnly, resultTypes: ["violations"], iframes: false, preload: false };
  const { violations } = await globalThis.axe.run(document, wish);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html, any, all, none }) =>
      [id, target.join(" "), html.slice(0, 120), [...any, ...all, ...none][0]?.message].join(" | ")
    )
  );
};

/** Everything that is wrong once the page is painted. */
globalThis.listFaults = async (runOnly) => {
  await new Promise(requestAnimationFrame);
  const violations = await globalThis.listViolations(runOnly);
  return [...listOwn(), ...globalThis.listSideways(), ...violations];
};

/** What needs no axe to be seen. */
function listOwn() {
  keep(shifts.takeRecords());
  const count = (selector, root = document) => root.querySelectorAll(selector).length;
  const images = [...document.images].filter((image) =>
    !image.getAttribute("width") || !image.getAttribute("height") ||
    (image.complete && image.naturalWidth === 0)
  );
  return [
    ...refused.splice(0),
    ...moved.splice(0).map(({ value, sources }) =>
      `moves by ${value}: ${sources.map(({ node }) => node?.outerHTML?.slice(0, 80))}`
    ),
    ...images.map(({ src }) => `an image without a size, or broken: ${src}`),
    ...[count("h1")].filter((n) => n !== 1).map((n) => `${n} h1`),
    ...[count("title", document.head)].filter((n) => n !== 1).map((n) => `${n} titles`),
    ...[document.title.trim()].filter((title) => !title).map(() => "an empty title"),
  ];
}

/** What stands out of the page to the side, if the page can be scrolled there. */
globalThis.listSideways = () => {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const wide = [...document.body.querySelectorAll("*")].filter((element) =>
    element.getBoundingClientRect().right > innerWidth
  );
  const last = wide.at(-1) ?? document.body;
  return [`scrolls sideways at ${innerWidth}: ${last.outerHTML.slice(0, 160)}`];
};
