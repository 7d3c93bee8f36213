// The palette: Ctrl+K or ⌘K. It finds what this page can do ([data-key] and
// [data-command]) by itself and asks the server for the rest: htmx fills
// #palette-found while one types. It is a combobox (WAI-ARIA): the focus stays
// in the field, aria-activedescendant moves.

const palette = $("#palette"), find = $("#palette-find"), doHere = $("#palette-here");

function openPalette() {
  if (!palette || palette.open) return;
  $("dialog[open]")?.close();
  palette.showModal();
  find.select();
  listHere();
}

on("click", "[data-palette]", () => openPalette());

const options = () => $$('[role="option"]', palette).filter(visible);

/** What this page can do, as far as its name holds the words typed. */
function listHere() {
  const asked = find.value.trim().toLowerCase();
  const rows = $$("[data-key], [data-command]").filter((node) => visible(node) && !palette.contains(node)).map((node) => [commandName(node), node]);
  const hits = rows.filter(([name]) => name && asked.split(/\s+/).every((word) => name.toLowerCase().includes(word))).slice(0, 6);
  doHere.replaceChildren(...hits.map(([name, node]) => commandRow(name, node)));
  doHere.parentElement.hidden = hits.length === 0;
  choose(options()[0]);
}

const commandName = (node) => (node.dataset.command || node.dataset.keyLabel || node.getAttribute("aria-label") || node.innerText || "").trim().split("\n")[0];

function commandRow(name, node) {
  const row = document.createElement("div");
  row.className = "palette__item";
  row.setAttribute("role", "option");
  const label = document.createElement("span");
  label.className = "grow clip";
  label.textContent = name;
  row.append(label);
  for (const key of (node.dataset.key || "").split(" ").filter(Boolean)) {
    const kbd = document.createElement("kbd");
    kbd.className = "kbd";
    kbd.textContent = key.toUpperCase();
    row.append(kbd);
  }
  row.addEventListener("click", () => {
    palette.close();
    inField(node) ? node.focus() : node.click();
  });
  return row;
}

let optionNumber = 0;

function choose(option) {
  for (const other of $$('[role="option"][aria-selected="true"]', palette)) other.setAttribute("aria-selected", "false");
  if (!option) return find.removeAttribute("aria-activedescendant");
  option.id ||= `palette-option-${++optionNumber}`;
  option.setAttribute("aria-selected", "true");
  find.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

if (palette) {
  find.addEventListener("input", listHere);
  find.addEventListener("htmx:after:swap", () => choose(options()[0]));
  find.addEventListener("keydown", (event) => {
    if (composing(event)) return;
    const all = options(), i = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(all[(i + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      const link = all[i];
      if (link?.href && (event.metaKey || event.ctrlKey)) return open(link.href, "_blank", "noopener");
      link?.click();
    }
  });
}
