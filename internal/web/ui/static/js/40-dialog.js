// Dialogs: [data-open="id"] opens a <dialog>, [data-close] closes the one it is
// in. What htmx swaps into <dialog id="dialog"> opens it; an answer without
// content, or the event "close-dialog" in HX-Trigger, closes it.

on("click", "[data-open]", (event, node) => {
  const dialog = document.getElementById(node.dataset.open);
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  event.preventDefault();
  dialog.showModal();
});

on("click", "[data-close]", (_, node) => node.closest("dialog")?.close());

// a click on the backdrop is a click on the dialog itself, outside its box
on("mousedown", "dialog", (event, dialog) => {
  if (event.target !== dialog) return;
  const box = dialog.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) dialog.close();
});

// Only what was swapped into it opens it. A closed dialog is empty at once: the
// browser tells of the closing later, when another may already stand in it.
document.addEventListener("htmx:after:swap", (event) => {
  const slot = $("#dialog");
  if (!slot || ![slot, "#dialog"].includes(event.detail.ctx.target)) return;
  const filled = slot.childElementCount > 0;
  if (filled && !slot.open) slot.showModal();
  if (!filled && slot.open) slot.close();
});

document.addEventListener("close-dialog", () => {
  const slot = $("#dialog");
  slot?.close();
  slot?.replaceChildren();
});
$("#dialog")?.addEventListener("close", ({ target }) => target.open || target.replaceChildren());
