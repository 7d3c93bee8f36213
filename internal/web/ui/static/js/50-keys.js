// Single keys: whatever carries data-key="r" (or "g i" for two in a row) is
// clicked by that key, or focused if it is a field. They are silent in a field,
// while a syllable is composed, with Ctrl, Meta or Alt, behind a dialog, and
// when the person turned them off (<html data-keys="off">).
//
//	j k    next and previous row of the list [data-rows]
//	o      opens the row
//	a r …  what carries data-row-key, in the row that has the focus, else in the first
//	/ n …  what carries the key
//	?      shows all of them
//	Ctrl+K or ⌘K, also in a field: the palette

let firstKey = "", firstTimer;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || composing(event)) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.code === "KeyK") {
    event.preventDefault();
    return openPalette();
  }
  const off = root.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey;
  if (off || inField(event.target) || $("dialog[open], .menu:popover-open")) return;
  if (press(latin(event))) event.preventDefault();
});

/** The Latin letter of the key, also while the keyboard is set to Hangul. */
function latin(event) {
  if (/^[ -~]$/.test(event.key)) return event.key.toLowerCase();
  return event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
}

/** Does what the key stands for and says whether there was anything to do. */
function press(key) {
  const pair = firstKey && `${firstKey} ${key}`;
  clearTimeout(firstTimer);
  firstKey = "";
  const node = (pair && carrier(pair)) || carrier(key);
  if (node) return act(node);
  if (key === "j" || key === "k") return walk(key === "j" ? 1 : -1);
  if (key === "o") return openRow();
  const inRow = rowCarrier(key);
  if (inRow) return act(inRow);
  if (key === "?") return showKeys();
  if ($(`[data-key^="${CSS.escape(key)} "]`)) {
    firstKey = key;
    firstTimer = setTimeout(() => (firstKey = ""), 1200);
  }
  return false;
}

const carrier = (key) => $$(`[data-key="${CSS.escape(key)}"]`).find(visible);

/** What carries the key in the row that has the focus, else in the first. */
function rowCarrier(key) {
  const row = document.activeElement?.closest("[data-rows] [data-row]") ?? $("[data-rows] [data-row]");
  return row && $(`[data-row-key="${CSS.escape(key)}"]`, row);
}

function act(node) {
  inField(node) ? node.focus() : node.click();
  return true;
}

/** Opens the row that has the focus. */
function openRow() {
  const row = document.activeElement?.closest("[data-rows] :is([data-row], .item)");
  if (!row) return false;
  (row.matches("a, button") ? row : $("a, button", row))?.click();
  return true;
}

/** Moves the focus between the rows of the list. */
function walk(step) {
  const rows = $$("[data-rows] :is(a, button, tr, li)[data-row], [data-rows] > .item").filter(visible);
  if (!rows.length) return false;
  const here = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  const from = here < 0 ? rows.findIndex((row) => row.hasAttribute("aria-current")) : here;
  const row = rows[Math.max(0, Math.min(rows.length - 1, from + step))];
  (row.matches("a, button, [tabindex]") ? row : $("a, button", row))?.focus();
  row.scrollIntoView({ block: "nearest" });
  return true;
}

/** Lists the keys of this page in the dialog #keys. */
function showKeys() {
  const dialog = $("#keys"), list = $("#keys-here");
  if (!dialog || dialog.open) return false;
  const seen = new Set();
  list?.replaceChildren(...$$("[data-key]").filter(visible).flatMap((node) => {
    const key = node.dataset.key;
    if (seen.has(key)) return [];
    seen.add(key);
    return keyRow(node.dataset.keyLabel || node.getAttribute("aria-label") || node.innerText || node.placeholder || key, key);
  }));
  dialog.showModal();
  return true;
}

function keyRow(label, key) {
  const dt = document.createElement("dt"), dd = document.createElement("dd");
  dt.textContent = label.trim().split("\n")[0];
  dd.append(...key.split(" ").map((k) => {
    const kbd = document.createElement("kbd");
    kbd.className = "kbd";
    kbd.textContent = k.toUpperCase();
    return kbd;
  }));
  return [dt, dd];
}

on("click", "[data-show-keys]", () => showKeys());
