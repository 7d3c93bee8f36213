// The inbox: what its list, talk and composer do beside what htmx does. Without
// this file the pages still work, by links and forms.

const panes = () => $("#panes");
const listPane = () => $("#list");
const composerOf = (id) => $(`[data-composer="${CSS.escape(id)}"]`);

// ---- after an action: every part that hears of changes fetches itself anew

document.addEventListener("refresh", () => {
  for (const node of $$("#list[data-live], #talk[data-live]")) node.dispatchEvent(new CustomEvent("live"));
});

// ---- the list

/** Marks the row whose talk is open. */
function markRow(link) {
  for (const other of $$(".item__what[aria-current]", listPane() || document)) other.removeAttribute("aria-current");
  link?.setAttribute("aria-current", "true");
  link?.closest(".item")?.classList.remove("item--new");
}

let opening; // the conversation of the row that was clicked, until its talk is there

on("click", "#list .item__what", (event, link) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  opening = link.closest(".item").id.slice("row-".length);
  markRow(link);
  panes()?.setAttribute("data-show", "talk");
  delete panes()?.dataset.aside;
});

/** Which conversation is open, or about to be. */
const current = () => opening || $("#talk")?.dataset.talk;
const rowOf = (id) => id && document.getElementById(`row-${id}`);

document.addEventListener("htmx:finally:request", (event) => {
  const link = event.detail.ctx.sourceElement;
  if (!link?.matches?.(".item__what") || link.closest(".item")?.id !== `row-${opening}`) return;
  opening = undefined;
  markRow($(".item__what", rowOf(current()) || undefined)); // it may not have come
});

/** The list is fetched with the row that is open now, not the one it was made with. */
document.addEventListener("htmx:config:request", (event) => {
  const { request, sourceElement } = event.detail.ctx;
  if (sourceElement?.id !== "list") return;
  const open = current(), rows = $$(".item", sourceElement).length;
  const url = new URL(request.action, location.href);
  if (open) url.searchParams.set("open", open);
  if (rows > 30) url.searchParams.set("rows", rows);
  request.action = url.pathname + url.search;
});

// A list that is fetched anew must not jump: what stood first in sight stands
// there afterwards, and a pill says what is new above it.
let kept;

document.addEventListener("htmx:before:swap", (event) => {
  if (event.detail.ctx?.sourceElement?.id !== "list") return;
  const box = $("#items"), top = box?.getBoundingClientRect().top;
  const first = box && $$(".item", box).find((row) => row.getBoundingClientRect().bottom > top + 1);
  const held = box && (box.scrollTop > 0 || listPane().matches(":hover"));
  kept = held && first ? { id: first.id, at: first.getBoundingClientRect().top, ids: new Set($$(".item", box).map((row) => row.id)) } : undefined;
  const picked = $$('.item__pick input:checked').map((box) => box.value);
  if (kept || picked.length) (kept ||= {}).picked = picked;
});

document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx?.sourceElement?.id !== "list") return;
  showCounts();
  for (const value of kept?.picked || []) {
    const box = $(`.item__pick input[value="${CSS.escape(value)}"]`);
    if (box) box.checked = true;
  }
  countChosen();
  if (rowOf(opening)) markRow($(".item__what", rowOf(opening))); // clicked since the list was asked for
  const box = $("#items"), row = kept?.id && document.getElementById(kept.id);
  if (!row) return;
  box.scrollTop += row.getBoundingClientRect().top - kept.at;
  const above = $$(".item", box).filter((other) => !kept.ids.has(other.id) && other.offsetTop < row.offsetTop).length;
  if (above && box.scrollTop > 0) showPill(above);
});

function showPill(n) {
  const pill = $("[data-newpill]"), text = $("[data-newpill-text]", pill);
  text.textContent = text.dataset.words.replace("{n}", n);
  pill.hidden = false;
}

on("click", "[data-newpill]", (event, pill) => {
  event.preventDefault();
  $("#items").scrollTo({ top: 0, behavior: "smooth" });
  pill.hidden = true;
});
document.addEventListener("scroll", (event) => {
  if (event.target.id === "items" && event.target.scrollTop < 8) $("[data-newpill]").hidden = true;
}, { capture: true, passive: true });

/** The numbers of the navigation, as the list brought them. */
function showCounts() {
  const text = listPane()?.dataset.counts;
  if (!text) return;
  const counts = JSON.parse(text);
  for (const [view, n] of Object.entries(counts)) showCount(`/inbox?view=${view}`, n);
  showCount("/inbox", (counts.mine || 0) + (counts.unassigned || 0)); // what waits for somebody
  headCount();
}

function showCount(address, n) {
  for (const link of $$(`a.nav__link[href="${address}"]`)) {
    let count = $(".count", link);
    if (!count && n) link.append((count = Object.assign(document.createElement("span"), { className: "count" })));
    if (!count) continue;
    count.textContent = !n ? "" : n > 9999 ? `${Math.floor(n / 1000)}k` : n.toLocaleString(root.lang);
    count.hidden = !n;
  }
}

/** How many there are stands in the navigation: the head of the list says it too. */
function headCount() {
  for (const head of $$("[data-count]")) {
    const link = $(`a.nav__link[href="/inbox?view=${head.dataset.count}"] .count`);
    head.textContent = link?.textContent || "";
  }
}
headCount();

// ---- choosing rows

let lastPicked;

on("click", ".item__pick input", (event, box) => {
  const all = $$(".item__pick input");
  if (event.shiftKey && lastPicked?.isConnected) {
    const [a, b] = [all.indexOf(lastPicked), all.indexOf(box)].sort((x, y) => x - y);
    for (const other of all.slice(a, b + 1)) other.checked = box.checked;
  }
  lastPicked = box;
  if (!box.checked) for (const all of $$("[data-check-all='talk'], .bulk__all input")) all.checked = false; // who leaves one out does not mean all
  countChosen();
});
on("change", "[data-check-all='talk']", () => {
  for (const box of $$(".item__pick input")) box.checked = $("[data-check-all='talk']").checked;
  countChosen();
});

function countChosen() {
  const n = $$(".item__pick input:checked").length;
  for (const node of $$("[data-chosen]")) node.textContent = n || "";
}

document.addEventListener("bulk-done", () => {
  for (const box of $$(".item__pick input, [data-check-all='talk'], .bulk__all input")) box.checked = false;
  countChosen();
});

// ---- keys that are not buttons: o opens, x chooses, z snoozes, / searches

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || composing(event) || root.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (inField(event.target) || $("dialog[open], .menu:popover-open") || !listPane()) return;
  const key = latin(event), row = document.activeElement?.closest?.(".item") || $(".item:has([aria-current])");
  const does = {
    o: () => $(".item__what", row)?.click(),
    x: () => $(".item__pick input", row)?.dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: event.shiftKey })),
    z: () => $('[popovertarget="snooze-menu"]')?.click(),
    "/": () => (location.href = "/search"),
    u: () => (location.href = $(".talkbar a")?.href || "/inbox"),
  }[key];
  if (!does || firstKey) return;
  event.preventDefault();
  does();
});

// ---- the customer behind his button

on("click", "[data-side]", () => {
  const all = panes();
  if ("aside" in all.dataset) delete all.dataset.aside;
  else all.dataset.aside = "";
  for (const button of $$("[data-side][aria-expanded]")) button.setAttribute("aria-expanded", String("aside" in all.dataset));
});

// ---- the composer

// Answer or note: the field has the focus at once, so that the letter after the
// key already stands in it.
on("change", '.composer input[name="kind"]', (_, radio) => $(`textarea[name="${radio.value}"]`, radio.form)?.focus());

on("click", ".composer [data-kind]", (event, label) => {
  const radio = $("input", label);
  if (event.target !== radio) event.preventDefault(); // the browser would give the radio the focus
  radio.checked = true;
  $(`textarea[name="${label.dataset.kind}"]`, radio.form)?.focus();
});

on("click", "[data-copies]", (_, button) => {
  const fields = $("[data-copy-fields]", button.form);
  fields.hidden = !fields.hidden;
  button.setAttribute("aria-expanded", String(!fields.hidden));
  if (!fields.hidden) $("input", fields).focus();
});

// The buttons that send beside the main one would otherwise be pressed by Enter
// in a field of the form.
on("keydown", ".composer__to input", (event) => event.key === "Enter" && event.preventDefault());

// Which of the two buttons Ctrl+Enter presses is the one in sight.
on("keydown", ".composer textarea[data-submit]", (event, area) => {
  if (event.key !== "Enter" || composing(event) || event.shiftKey || event.altKey) return;
  if (area.dataset.submit !== "enter" && !event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if ($("[data-picker-open]", area.form)) return;
  const button = $$("[data-default]", area.form).find((b) => visible(b) && !b.disabled);
  if (button && !area.form.matches(".htmx-request")) area.form.requestSubmit(button);
});

/** What was sent is not a draft any more. */
document.addEventListener("said", ({ detail }) => {
  const form = composerOf(detail.conversation);
  if (!form) return;
  const area = $(`textarea[name="${detail.kind}"]`, form);
  if (area) area.value = "";
  clearTimeout(saving.get(area));
  $("[data-files]", form)?.replaceChildren();
  $("#held", form)?.replaceChildren();
  $("[data-saved]", form)?.setAttribute("hidden", "");
  const bcc = $('input[name="bcc"]', form);
  if (bcc) bcc.value = "";
});

document.addEventListener("unsent", ({ detail }) => {
  const form = composerOf(detail.conversation), area = form && $('textarea[name="reply"]', form);
  if (!area) return;
  $('input[value="reply"]', form).checked = true;
  area.value = area.value.trim() ? `${detail.text}\n\n${area.value}` : detail.text;
  area.focus();
});

// The newest message that the page shows: an answer to something older is held back.
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx?.sourceElement?.id === "talk") return; // a live look is not a read
  measureFrames();
});
on("focusin", ".composer textarea", (_, area) => {
  const shown = $$("#course .msg:not(.msg--us, .msg--auto)").at(-1)?.id, last = area.form.elements.last;
  if (shown && last) last.value = shown;
});

// ---- drafts: kept a second after the last letter

const saving = new WeakMap();

on("input", ".composer textarea", (_, area) => {
  clearTimeout(saving.get(area));
  $("[data-saved]", area.form)?.setAttribute("hidden", "");
  saving.set(area, setTimeout(() => keepDraft(area), 900));
});

function keepDraft(area, leaving = false) {
  const body = new URLSearchParams({ kind: area.name, body: area.value });
  return fetch(`/inbox/${area.form.dataset.composer}/draft`, { method: "POST", body, keepalive: leaving, headers: { "X-CSRF-Token": csrf(), "HX-Request": "true" } })
    .then((answer) => answer.ok && area.isConnected && $("[data-saved]", area.form)?.toggleAttribute("hidden", !area.value.trim()))
    .catch(() => {}); // the next letter tries again
}

addEventListener("pagehide", () => $$(".composer textarea").forEach((area) => saving.get(area) && area.value !== area.defaultValue && keepDraft(area, true)));
document.addEventListener("htmx:before:swap", (event) => {
  if (event.detail.ctx?.target?.id !== "talk" || event.detail.ctx?.sourceElement?.id === "talk") return;
  $$("#talk .composer textarea").forEach((area) => area.value !== area.defaultValue && keepDraft(area, true));
});

// ---- who types: a chat's visitor hears of us, we hear of him, for a few seconds

let typedAt = 0, typing;

on("input", '.composer[data-typing-at] textarea[name="reply"]', (_, area) => {
  const by = area.form.elements.by;
  if (!area.value.trim() || Date.now() - typedAt < 2500 || (by && by.value !== "chat")) return;
  typedAt = Date.now();
  fetch(area.form.dataset.typingAt, { method: "POST", headers: { "X-CSRF-Token": csrf(), "HX-Request": "true" } }).catch(() => {}); // the next letter tells again
});

document.addEventListener("typing", ({ detail }) => {
  const sign = $("#talk [data-typing]");
  if (!sign || detail !== `conversation:${$("#talk").dataset.talk}`) return;
  sign.hidden = false;
  clearTimeout(typing);
  typing = setTimeout(() => (sign.hidden = true), 5000);
});
document.addEventListener("htmx:before:swap", (event) => {
  if (event.detail.ctx?.sourceElement?.id === "talk") $("#talk [data-typing]")?.setAttribute("hidden", ""); // what he wrote is there
});

// Copies go by mail only.
on("change", "[data-by]", (_, field) => {
  const copies = $("[data-copies]", field.form);
  copies.hidden = field.value === "chat";
  if (copies.hidden) $("[data-copy-fields]", field.form).hidden = true;
});

// ---- emphasis: signs around what is chosen

const signs = {
  bold: (text) => [`**${text}**`, 2, 2 + text.length],
  link: (text) => (/^https?:\/\//.test(text) ? [`[](${text})`, 1, 1] : [`[${text}](https://)`, text.length + 3, text.length + 11]),
  list: (text) => lines(text, "- "),
  quote: (text) => lines(text, "> "),
};
function lines(text, sign) {
  const out = text.split("\n").map((line) => sign + line).join("\n");
  return [out, out.length, out.length];
}

on("click", "[data-format]", (_, button) => {
  const area = $$("textarea", button.form).find(visible);
  if (!area) return;
  const { selectionStart: from, selectionEnd: to, value } = area;
  const [text, a, b] = signs[button.dataset.format](value.slice(from, to));
  area.focus();
  area.setRangeText(text, from, to, "end");
  area.setSelectionRange(from + a, from + b);
  area.dispatchEvent(new Event("input", { bubbles: true }));
});

// ---- naming people in notes

function picker(area) {
  const list = $(".picker", area.form);
  const found = area.value.slice(0, area.selectionStart).match(/(?:^|\s)@([^\s@]{0,20}(?: [^\s@]{0,20})?)$/);
  if (!found || !list) return closePicker(list);
  const asked = found[1].toLowerCase();
  const rows = $$("[data-name]", list);
  for (const row of rows) row.hidden = !row.dataset.name.toLowerCase().includes(asked);
  const hits = rows.filter((row) => !row.hidden);
  if (!hits.length) return closePicker(list);
  list.hidden = false;
  list.dataset.pickerOpen = found[1].length + 1;
  pick(list, hits[0]);
}

function closePicker(list) {
  if (!list) return;
  list.hidden = true;
  delete list.dataset.pickerOpen;
}

function pick(list, row) {
  for (const other of $$("[aria-selected]", list)) other.setAttribute("aria-selected", String(other === row));
  row.scrollIntoView({ block: "nearest" });
}

function name(area, list) {
  const row = $('[aria-selected="true"]', list), end = area.selectionStart;
  area.setRangeText(`@${row.dataset.name} `, end - Number(list.dataset.pickerOpen), end, "end");
  closePicker(list);
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

on("input", "textarea[data-mentions]", (_, area) => picker(area));
document.addEventListener("keydown", (event) => {
  const area = event.target.closest?.("textarea[data-mentions]"), list = area && $(".picker[data-picker-open]", area.form);
  if (!list || composing(event)) return;
  const rows = $$("[data-name]", list).filter((row) => !row.hidden), at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  if (event.key === "Escape") closePicker(list);
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") pick(list, rows[(at + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % rows.length]);
  else if ((event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.metaKey) name(area, list);
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
on("mousedown", ".picker [data-name]", (event, row) => {
  event.preventDefault();
  const list = row.closest(".picker");
  pick(list, row);
  name($("textarea[data-mentions]", list.closest("form")), list);
});

// ---- files: handed in at once, each for itself

on("change", "[data-upload]", async (_, field) => {
  const form = field.form, list = $("[data-files]", form), files = [...field.files];
  field.value = "";
  for (const file of files) await upload(file, list);
});

async function upload(file, list) {
  const wait = document.createElement("li");
  wait.className = "file";
  wait.setAttribute("aria-busy", "true");
  wait.textContent = file.name;
  list.append(wait);
  const body = new FormData();
  body.append("file", file, file.name || "picture.png");
  try {
    const answer = await fetch("/upload", { method: "POST", body, headers: { "X-CSRF-Token": csrf(), "HX-Request": "true" } });
    if (!answer.ok) {
      const told = JSON.parse(answer.headers.get("HX-Trigger") || "{}").toast;
      throw told || { text: say("unreached"), kind: "bad" };
    }
    const made = document.createRange().createContextualFragment(await answer.text());
    wait.replaceWith(made);
  } catch (reason) {
    wait.remove();
    toast(reason.text ? reason : { text: say("unreached"), kind: "bad" });
  }
}

on("click", "[data-drop-file]", (_, button) => button.closest("[data-file]").remove());

// ---- mail in its frame: as high as it is, pictures on demand

function measure(frame) {
  const doc = frame.contentDocument;
  if (!doc?.body) return;
  const fit = () => {
    frame.height = Math.min(Math.max(doc.documentElement.offsetHeight, doc.body.scrollHeight) + 24, 20_000);
    const held = $("[data-held]", frame.closest("[data-mail]"));
    if (held) held.hidden = !doc.querySelector("img[data-remote]");
  };
  fit();
  new ResizeObserver(fit).observe(doc.body);
  for (const img of doc.images) img.addEventListener("load", fit, { once: true });
}

function measureFrames() {
  for (const frame of $$("iframe.mail__frame:not([data-measured])")) {
    frame.dataset.measured = "";
    frame.addEventListener("load", () => measure(frame));
    if (frame.contentDocument?.readyState === "complete" && frame.contentDocument.URL !== "about:blank") measure(frame);
  }
}
measureFrames();

on("click", "[data-pictures]", (_, button) => {
  $("iframe", button.closest("[data-mail]")).src = button.dataset.pictures;
});

// ---- choosing from a list in a dialog: what is typed narrows it

on("input", "[data-narrow]", (_, field) => {
  const asked = field.value.trim().toLowerCase();
  for (const row of $$("[data-option]", field.closest("[data-chooser]"))) row.hidden = !row.textContent.toLowerCase().includes(asked);
});
on("keydown", "[data-narrow]", (event, field) => {
  if (composing(event)) return;
  const rows = $$("[data-option]:not([hidden], :disabled)", field.closest("[data-chooser]"));
  if (event.key === "Enter") {
    event.preventDefault();
    rows[0]?.click();
  }
  if (event.key === "ArrowDown") {
    event.preventDefault();
    rows[0]?.focus();
  }
});
on("keydown", "[data-option]", (event, row) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const rows = $$("[data-option]:not([hidden], :disabled)", row.closest("[data-chooser]"));
  (rows[rows.indexOf(row) + step] || (step < 0 ? $("[data-narrow]", row.closest("[data-chooser]")) : row)).focus();
});

// ---- small things

on("htmx:after:request", "form[data-reset]", (event, form) => event.detail.ctx.response.raw.ok && form.reset());
on("click", "[data-copy-link]", (_, item) => {
  navigator.clipboard?.writeText(location.origin + location.pathname + item.dataset.copyLink).then(() => toast({ text: say("copied") }));
});
if ($("[data-print]")) addEventListener("load", () => print());

// A live look at the talk says that it was read, if somebody looks.
document.addEventListener("htmx:config:request", (event) => {
  const { sourceElement } = event.detail.ctx;
  if (sourceElement?.id === "talk" && document.hidden) event.detail.ctx.request.headers["X-Hidden"] = "1";
});
