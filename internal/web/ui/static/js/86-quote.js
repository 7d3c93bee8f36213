// A sentence that is selected in a talk: a button beside it notes what was promised with it.

const quoted = () => {
  const chosen = getSelection(), text = chosen?.toString().trim();
  const said = text && chosen.anchorNode?.parentElement?.closest("#course article");
  return said ? { text: text.slice(0, 500), message: said.id, at: chosen.getRangeAt(0).getBoundingClientRect() } : null;
};

let quote; // what was selected when the button was pressed: pressing may drop the selection

document.addEventListener("selectionchange", () => {
  const button = $("#quoter"), now = quoted();
  if (!button || document.activeElement === button) return;
  button.hidden = !now;
  if (!now) return;
  quote = now;
  button.style.left = `${Math.max(8, Math.min(now.at.left, innerWidth - 180))}px`;
  button.style.top = `${Math.min(now.at.bottom + 6, innerHeight - 48)}px`;
});

document.addEventListener("htmx:config:request", (event) => {
  const { request, sourceElement } = event.detail.ctx;
  if (sourceElement?.id !== "quoter") return;
  const now = quoted() || (sourceElement.hidden ? null : quote);
  sourceElement.hidden = true;
  if (!now) return;
  const url = new URL(request.action, location.href);
  url.searchParams.set("words", now.text);
  url.searchParams.set("message", now.message);
  request.action = url.pathname + url.search;
});
