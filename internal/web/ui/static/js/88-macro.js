// Macros: "/" at the beginning of a line or behind a space opens a list over the field, which narrows while one types. What is
// chosen goes in where one is: the text, the files; what it will do stands over the button that sends, until it is sent or taken off.

const slash = /(?:^|\s)\/((?:[^\s/]+(?: [^\s/]{0,20})?)?)$/;

/** What was typed behind the "/" at the cursor; undefined: there is none. */
const askedOf = (area) => area.value.slice(0, area.selectionStart).match(slash)?.[1];

const macroMenu = (area) => area?.form && $("[data-macro-menu]", area.form);
const macroRows = (menu) => $$("[data-macro]", menu);

// Hangul is compared by its letters: while 환 is being typed it is 호 and 화.
const lettersOf = (text) => text.toLowerCase().normalize("NFD");

function openMacros(area) {
  const menu = macroMenu(area), asked = askedOf(area);
  if (!menu) return;
  if (asked === undefined) return closeMacros(area);
  if (menu.dataset.pickerOpen === undefined) {
    menu.dataset.pickerOpen = "";
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", $("ul", menu).id);
    fillMacros(area, menu);
  }
  narrowMacros(area, menu, asked);
}

/** Fetches the list. One that was there already is shown until the new one is. */
async function fillMacros(area, menu) {
  const list = $("ul", menu);
  menu.setAttribute("aria-busy", "true");
  const answer = await fetch("/inbox/macros", { headers: { "HX-Request": "true" } }).catch(() => undefined);
  if (answer?.ok) {
    list.innerHTML = await answer.text();
    for (const [n, row] of macroRows(menu).entries()) Object.assign(row, { place: n, called: lettersOf(row.dataset.called), text: lettersOf(row.dataset.text) });
  }
  menu.removeAttribute("aria-busy");
  const asked = askedOf(area);
  if (menu.dataset.pickerOpen === undefined || asked === undefined) return;
  narrowMacros(area, menu, asked);
  if (menu.dataset.wanted !== undefined) takeMacro(area, menu); // Enter was faster
}

function narrowMacros(area, menu, asked) {
  const words = lettersOf(asked).split(/\s+/), rows = macroRows(menu).sort((a, b) => a.place - b.place);
  const isCalled = (row) => words.every((word) => row.called.includes(word));
  const holds = (row) => !isCalled(row) && words.every((word) => row.called.includes(word) || row.text.includes(word));
  const hits = [...rows.filter(isCalled), ...rows.filter(holds)], none = !rows.length && !asked && !menu.hasAttribute("aria-busy");
  for (const row of rows) row.hidden = !hits.includes(row);
  $("ul", menu).append(...hits);
  $(".macros__none", menu).hidden = !none;
  menu.hidden = !hits.length && !none;
  const said = $("[data-macro-said]", area.form);
  said.textContent = hits.length ? said.dataset.words.replace("{n}", hits.length) : "";
  if (!hits.length && rows.length && !menu.hasAttribute("aria-busy")) return closeMacros(area); // it is no macro that he writes
  markMacro(area, menu, hits[0]);
}

function markMacro(area, menu, row) {
  for (const other of $$('[aria-selected="true"]', menu)) other.setAttribute("aria-selected", "false");
  if (!row) return area.removeAttribute("aria-activedescendant");
  row.setAttribute("aria-selected", "true");
  area.setAttribute("aria-activedescendant", row.id);
  row.scrollIntoView({ block: "nearest" });
}

function closeMacros(area) {
  const menu = macroMenu(area);
  if (!menu || menu.dataset.pickerOpen === undefined) return;
  menu.hidden = true;
  delete menu.dataset.pickerOpen;
  delete menu.dataset.wanted;
  for (const name of ["aria-activedescendant", "aria-autocomplete", "aria-controls"]) area.removeAttribute(name);
  $("[data-macro-said]", area.form).textContent = "";
}

/** Puts the marked one in where "/…" stands. */
async function takeMacro(area, menu) {
  const row = $('[aria-selected="true"]', menu), asked = askedOf(area);
  if (!row && menu.hasAttribute("aria-busy")) return (menu.dataset.wanted = "");
  if (!row || asked === undefined) return closeMacros(area);
  const end = area.selectionStart;
  area.setRangeText("", end - asked.length - 1, end, "end");
  closeMacros(area);
  const body = new URLSearchParams({ kind: area.name, to: $('[name="to"]', area.form)?.value || "" });
  try {
    const answer = await fetch(`${area.dataset.macros}/${row.dataset.macro}`, { method: "POST", body, headers: { "X-CSRF-Token": csrf(), "HX-Request": "true" } });
    if (!answer.ok) throw JSON.parse(answer.headers.get("HX-Trigger") || "{}").toast || { text: say("unreached"), kind: "bad" };
    putMacro(area, document.createRange().createContextualFragment(await answer.text()).firstElementChild);
  } catch (reason) {
    toast(reason.text ? reason : { text: say("unreached"), kind: "bad" });
  }
}

async function putMacro(area, made) {
  while (area.dataset.composing) await new Promise((done) => area.addEventListener("compositionend", done, { once: true }));
  $("[data-files]", area.form)?.append(...$("[data-new-files]", made).children);
  const list = $("[data-macro-acts] ul", area.form);
  for (const item of [...$("[data-new-acts]", made).children]) {
    const { name, value } = $("input", item);
    if (!$(`input[name="${name}"][value="${CSS.escape(value)}"]`, list)) list.append(item);
  }
  area.focus();
  area.setRangeText(made.dataset.text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.scrollTop = area.scrollHeight;
  showActs(area.form);
}

/** What will be done stands there; it can be done at once when nothing is written. */
function showActs(form) {
  const box = $("[data-macro-acts]", form);
  if (!box) return;
  const acts = $$("[data-macro-act]", box), run = $("[data-macro-run]", box);
  box.hidden = !acts.length;
  if (run) run.hidden = $$("textarea[data-macros]", form).filter(visible).some((area) => area.value.trim()) || !!$("[data-files] [data-file]", form);
}

function dropActs(form) {
  $("[data-macro-acts] ul", form)?.replaceChildren();
  showActs(form);
}

on("compositionstart", "textarea[data-macros]", (_, area) => (area.dataset.composing = "1"));
on("compositionend", "textarea[data-macros]", (_, area) => delete area.dataset.composing);
on("input", "textarea[data-macros]", (_, area) => {
  openMacros(area);
  showActs(area.form);
});
on("focusout", "textarea[data-macros]", (_, area) => closeMacros(area));
on("change", '.composer input[name="kind"]', (_, radio) => showActs(radio.form));

document.addEventListener("keydown", (event) => {
  const area = event.target.closest?.("textarea[data-macros]"), menu = area && macroMenu(area);
  if (!menu || menu.dataset.pickerOpen === undefined || composing(event)) return;
  const rows = macroRows(menu).filter((row) => !row.hidden), at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  if (event.key === "Escape") closeMacros(area);
  else if (rows.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) markMacro(area, menu, rows[(at + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % rows.length]);
  else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && !event.ctrlKey && !event.metaKey && (rows.length || menu.hasAttribute("aria-busy"))) takeMacro(area, menu);
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

// The Enter that ends a syllable also breaks the line, on some systems: then it was meant for the list.
document.addEventListener("beforeinput", (event) => {
  const area = event.target.closest?.("textarea[data-macros]"), menu = area && macroMenu(area);
  if (!menu || menu.hidden || event.isComposing || event.inputType !== "insertLineBreak" || !$('[aria-selected="true"]', menu)) return;
  event.preventDefault();
  takeMacro(area, menu);
});

on("mousedown", "[data-macro-menu]", (event, menu) => {
  if (event.target.closest("a")) return;
  event.preventDefault(); // the field keeps the focus
  const row = event.target.closest("[data-macro]"), area = row && $$("textarea[data-macros]", menu.closest("form")).find(visible);
  if (!area) return;
  markMacro(area, menu, row);
  takeMacro(area, menu);
});

on("click", "[data-macro-open]", (_, button) => {
  const area = $$("textarea[data-macros]", button.form).find(visible);
  if (!area) return;
  area.focus();
  if (askedOf(area) === undefined) area.setRangeText(/\S$/.test(area.value.slice(0, area.selectionStart)) ? " /" : "/", area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
});

on("click", "[data-macro-off]", (_, button) => {
  const form = button.form, item = button.closest("[data-macro-act]"), next = item.nextElementSibling || item.previousElementSibling;
  item.remove();
  ($("[data-macro-off]", next || form) || $$("textarea[data-macros]", form).find(visible))?.focus();
  showActs(form);
});
on("click", "[data-drop-file]", () => setTimeout(() => $$("form:has([data-macro-acts])").forEach(showActs)));

for (const told of ["said", "macros-ran"]) {
  document.addEventListener(told, ({ detail }) => composerOf(detail.conversation) && dropActs(composerOf(detail.conversation)));
}
