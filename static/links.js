// On a phone a row of links goes on sideways: the one that holds is in sight.
for (const { parentElement: item } of document.querySelectorAll("li:not(.who) > [aria-current]")) {
  const row = item.parentElement;
  row.scrollLeft = item.offsetLeft - row.offsetLeft - 16;
}
