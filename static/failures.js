// An answer that is not the box it should replace, or none at all, leaves the box as it is and is said in it: what was typed stays.
{
  const boxOf = ({ detail: { ctx } }) => document.getElementById(ctx.target?.id);
  // What renews itself in the background is nobody's wish.
  const asked = ({ detail: { ctx } }) => ctx.sourceElement?.matches("form, a, button");
  const forget = (event) => boxOf(event)?.querySelector("[data-failure]")?.remove();
  const say = (box, words) => {
    const alert = document.createElement("div");
    alert.className = "alert bad";
    alert.role = "alert";
    alert.append(words);
    alert.dataset.failure = "";
    if (!box.matches("tbody")) return box.prepend(alert);
    const row = box.insertRow();
    row.className = "review";
    row.dataset.failure = "";
    const cell = row.insertCell();
    cell.colSpan = box.rows[0].cells.length;
    cell.append(alert);
  };
  const sentence = (html) =>
    new DOMParser().parseFromString(html, "text/html").querySelector("[role=alert] p")?.textContent;

  document.addEventListener("htmx:before:request", forget);
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    const box = asked(event) && boxOf(event);
    if (!box || ctx.response.status < 400 || ctx.hx.redirect) return;
    if (ctx.text.includes(`id="${box.id}"`)) return;
    event.preventDefault();
    say(box, sentence(ctx.text) ?? "That did not work. Try again in a minute.");
  });
  document.addEventListener("htmx:error", (event) => {
    const box = asked(event) && boxOf(event);
    if (box) say(box, "No answer came. Look whether you are online, then try again.");
  });
}
