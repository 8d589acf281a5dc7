// What had the focus may go with the box it stood in: then its new self takes it, so that Tab goes on from there.
{
  const boxOf = ({ detail: { ctx } }) => document.getElementById(ctx.target?.id);
  let held = false;
  document.addEventListener("htmx:before:swap", (event) => {
    held = boxOf(event)?.contains(document.activeElement) ?? false;
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const box = boxOf(event);
    if (!box || !held || document.activeElement !== document.body) return;
    box.tabIndex = -1;
    box.focus({ preventScroll: true });
  });
}
