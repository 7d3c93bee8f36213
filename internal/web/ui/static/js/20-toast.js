// Toasts: a word about what was done, and ten seconds to undo it. The server
// sends one as the event "toast" in HX-Trigger ({"toast": {"text", "undo",
// "kind"}}), or across a redirect in the cookie baraji_toast.

const toasts = $("#toasts");

function toast({ text, undo, kind }) {
  const node = document.createElement("div");
  node.className = kind === "bad" ? "toast toast--bad" : "toast";
  const words = document.createElement("span");
  words.textContent = text;
  node.append(words);
  if (undo) node.append(undoButton(node, undo));
  toasts.append(node);
  fade(node, undo ? 10_000 : 6_000);
}

function undoButton(node, path) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn--s";
  button.textContent = say("undo");
  button.addEventListener("click", () => {
    node.remove();
    htmx.ajax("POST", path, { source: document.body, swap: "none" });
  });
  return button;
}

/** Goes after so many ms, but never under the pointer or the focus. */
function fade(node, ms) {
  let timer = setTimeout(leave, ms);
  function leave() {
    if (!node.matches(":hover, :focus-within")) return node.remove();
    timer = setTimeout(leave, 1500);
  }
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    clearTimeout(timer);
    node.remove();
  });
}

if (toasts) {
  document.addEventListener("toast", (event) => toast(event.detail));
  const kept = document.cookie.match(/(?:^|; )baraji_toast=([^;]*)/);
  if (kept) {
    document.cookie = "baraji_toast=; Max-Age=0; Path=/";
    try {
      const bytes = Uint8Array.from(atob(kept[1].replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
      toast(JSON.parse(new TextDecoder().decode(bytes)));
    } catch {
      // a cookie that is not ours says nothing
    }
  }
}
