// The way to the newest messages, for who reads what was said before, with how many came meanwhile.
const isLive = () => Boolean(list()?.hasAttribute("data-hx-sse:connect"));
const fromNewest = ({ scrollHeight, scrollTop, clientHeight }) =>
  (scrollHeight - scrollTop) / clientHeight - 1;
let came = 0;
const leadToNewest = () => {
  const link = byId("to-newest");
  if (!link) return;
  if (atEnd) came = 0;
  link.hidden = isLive() && !came && (atEnd || fromNewest(byId("conversation")) < 1);
  const counted = `${came} new message${came === 1 ? "" : "s"}`;
  sayIn(link.querySelector("span"), came ? counted : "To the newest messages");
};
document.addEventListener("scroll", leadToNewest, true);
on("chat:open", leadToNewest);
on("htmx:sse:before:message", ({ defaultPrevented, detail: { message } }) => {
  const isTheirs = !message.event && message.data.startsWith('<article class="message theirs"');
  if (isTheirs && !defaultPrevented && !atEnd) came++;
  leadToNewest();
});

// The conversation as it stands; what is written, chosen and under way stays. Answers whether that succeeded.
const readAgain = async (address) => {
  const response = await fetch(address, { headers: asPart }).catch(() => undefined);
  const [panel] = response?.ok ? partsOf(await response.text()) : [];
  const fresh = panel?.querySelector("#conversation");
  if (!fresh) return false;
  byId("conversation").replaceWith(fresh);
  htmx.process(fresh);
  openChat();
  return true;
};
const toNewest = async () => {
  const address = `${chatBase()}?newest`;
  if (!isLive() && !await readAgain(address)) return location.assign(address);
  atEnd = true;
  toEnd(byId("conversation"));
  leadToNewest();
};
// The focus stays in the composer; who came here by key goes on in what they came for.
on("mousedown", (event) => event.target.closest("#to-newest") && event.preventDefault());
on("click", async (event) => {
  const link = event.target.closest("#to-newest");
  if (!link) return;
  event.preventDefault();
  const byKey = document.activeElement === link;
  await toNewest();
  if (byKey) byId("conversation").focus({ preventScroll: true });
});

// What cannot be added to is read again. Until that succeeds the stream ends and says so again.
on("chat:reset", () => readAgain(chatBase()));
