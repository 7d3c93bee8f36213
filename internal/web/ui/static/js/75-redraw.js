// What a redraw leaves alone. An element with data-live fetches itself anew
// (80-live.js) while somebody works in it. Whatever he has in his hands stays his:
//
//   - an open menu or dialog, the field he writes in (also in the middle of a
//     syllable), a field he changed and has not sent: not touched;
//   - what he unfolded or folded, and the attributes that scripts set, named in
//     data-keep="hidden aria-expanded": as they are;
//   - the focus, the text he chose, what he reads: where they were;
//   - while a button of the mouse or a finger is down, nothing moves: the redraw
//     waits, or his click would meet another thing than he aimed at.
//
// A menu that was left alone is drawn when it closes. Only a redraw is that careful. Another conversation takes the place of the one
// before, with all that stands in it.

const isRedraw = (ctx) => ctx?.sourceElement instanceof Element && ctx.sourceElement.hasAttribute("data-live");

let redrawing = false; // the morph that runs just now is a redraw
let moved = false; // what is seen moves by itself, nobody scrolled
const found = new WeakMap(); // a redraw → what was to be kept
const folded = new WeakSet(); // what somebody folded or unfolded
const late = new WeakSet(); // menus that a redraw left alone

htmx.registerExtension("redraw", {
  htmx_before_morph_node: (node) => !(redrawing && inHand(node)),
  htmx_before_morph_attr: (node, { attrName }) => !(redrawing && ours(node, attrName)),
});

/** What somebody has in his hands. */
function inHand(node) {
  if (node.matches(":popover-open, dialog[open]")) {
    late.add(node);
    return true;
  }
  return isField(node) && (node === document.activeElement || changed(node));
}

document.addEventListener("toggle", ({ target, newState }) => {
  if (newState === "closed" && late.delete(target)) target.closest("[data-live]")?.dispatchEvent(new CustomEvent("live"));
}, true);

const isField = (node) => node.matches("input, textarea, select");

/** A field that holds something else than the page brought. */
function changed(field) {
  if (field.matches("select")) return brought(field) && [...field.options].some((option) => option.selected !== option.defaultSelected);
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  return !field.matches("[type=hidden], [type=file]") && field.value !== field.defaultValue;
}

/** Attributes that the page itself set, not the server. */
function ours(node, name) {
  if (name === "open") return folded.has(node);
  if (name === "style") return node.matches("[popover]");
  if (name === "aria-expanded" && node.matches("[popovertarget]")) return true;
  return !!node.dataset.keep?.split(" ").includes(name);
}

on("click", "details > summary", (_, summary) => folded.add(summary.parentElement));

document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  redrawing = isRedraw(ctx);
  if (!redrawing) return;
  if (pressed) {
    waiting.add(ctx.sourceElement);
    return event.preventDefault();
  }
  found.set(ctx, { focus: focusNow(), chosen: chosenText(), places: places(ctx.sourceElement), fields: changedFields() });
});

document.addEventListener("htmx:after:swap", (event) => {
  const { ctx } = event.detail, was = found.get(ctx);
  redrawing = false;
  if (!was) return;
  moved = true;
  requestAnimationFrame(() => requestAnimationFrame(() => (moved = false)));
  for (const place of was.places) putBack(place);
  chooseAgain(was.chosen);
  focusAgain(was.focus);
  for (const list of $$("select")) if (!was.fields.has(list) && list !== document.activeElement) asBrought(list);
  tick();
});

// ---- the focus

function focusNow() {
  const node = document.activeElement;
  if (!node || node === document.body) return undefined;
  return { node, id: node.id, range: "selectionStart" in node ? [node.selectionStart, node.selectionEnd] : undefined };
}

/** Only a focus that got lost is given back: whoever took it in the meantime has it. */
function focusAgain(was) {
  if (!was || (document.activeElement && document.activeElement !== document.body)) return;
  const node = was.node.isConnected ? was.node : document.getElementById(was.id);
  node?.focus({ preventScroll: true });
  if (node && was.range?.[0] != null) node.setSelectionRange(...was.range);
}

// ---- chosen text

function chosenText() {
  const chosen = getSelection();
  return chosen.isCollapsed ? undefined : [chosen.anchorNode, chosen.anchorOffset, chosen.focusNode, chosen.focusOffset];
}

function chooseAgain(was) {
  if (!was?.[0].isConnected || !was[2].isConnected) return;
  const now = chosenText();
  if (was.every((part, i) => part === now?.[i])) return;
  try {
    getSelection().setBaseAndExtent(...was);
  } catch {
    // the text has become shorter than where it was chosen
  }
}

// ---- what is read: the first thing in sight of each part that was scrolled. A
// part that shows its newest end goes on showing it.

const places = (within) => $$(".scroll", within).filter((box) => Math.abs(box.scrollTop) > 8).map((box) => {
  const top = box.getBoundingClientRect().top;
  const first = $$("[id]", box).find((node) => node.getBoundingClientRect().bottom > top + 1);
  return first && { box, id: first.id, at: first.getBoundingClientRect().top };
}).filter(Boolean);

function putBack({ box, id, at }) {
  const node = document.getElementById(id);
  if (node && box.contains(node)) box.scrollTop += node.getBoundingClientRect().top - at;
}

// ---- fields

const changedFields = () => new Set($$("select").filter(changed));

/** Whether the page said what is chosen in a list. */
const brought = (list) => [...list.options].some((option) => option.defaultSelected);

/** A list shows what the page brought: once somebody chose from it, the browser would stay with his choice for good. */
function asBrought(list) {
  if (brought(list)) for (const option of list.options) if (option.selected !== option.defaultSelected) option.selected = option.defaultSelected;
}

// In a form that is sent with each change, what was sent is not a change any more,
// and what was refused is not shown as if it were so.
document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement: form, response } = event.detail.ctx;
  if (!(form instanceof HTMLFormElement) || form.getAttribute("hx-trigger") !== "change") return;
  if (!response.raw.ok) return form.reset();
  for (const field of form.elements) if (isField(field)) sent(field);
});

function sent(field) {
  if (field.matches("select")) for (const option of field.options) option.defaultSelected = option.selected;
  else if (field.matches("[type=checkbox], [type=radio]")) field.defaultChecked = field.checked;
  else if (!field.matches("[type=file], [type=hidden], [type=password]")) field.defaultValue = field.value;
}

// ---- the mouse and the finger

const waiting = new Set(); // redraws that wait until it is let go
let pressed = false, pressTimer;

document.addEventListener("pointerdown", () => {
  pressed = true;
  clearTimeout(pressTimer);
  pressTimer = setTimeout(letGo, 5000); // a bar that is dragged may not say when it is let go
}, true);
for (const type of ["pointerup", "pointercancel"]) document.addEventListener(type, () => setTimeout(letGo), true); // after the click that comes of it
document.addEventListener("pointermove", (event) => pressed && !event.buttons && letGo(), { capture: true, passive: true });
addEventListener("blur", letGo);

function letGo() {
  pressed = false;
  clearTimeout(pressTimer);
  const nodes = [...waiting].filter((node) => node.isConnected);
  waiting.clear();
  for (const node of nodes) node.dispatchEvent(new CustomEvent("live"));
}
