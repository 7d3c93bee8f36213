// Menus: <button popovertarget="m"> opens <div popover class="menu" id="m">.
// The browser closes it; this opens it beside its button and lets arrows, Home,
// End and first letters move in it (WAI-ARIA menu button).

const items = (menu) => $$('[role^="menuitem"]:not([disabled], [aria-disabled="true"])', menu).filter(visible);

// A menu may have a button on a desk and another on a phone.
const openers = (menu) => $$(`[popovertarget="${menu.id}"]`);

// The browser tells of an opened menu only after it has shown it, in the corner
// of the page, where a quick click meets another thing. So it is opened here.
on("click", "[popovertarget]", (event, button) => {
  const menu = button.popoverTargetElement;
  event.preventDefault();
  if (!menu.togglePopover()) return;
  place(menu, button.getBoundingClientRect());
  (items(menu).find((item) => item.getAttribute("aria-checked") === "true") || items(menu)[0])?.focus();
});

document.addEventListener("toggle", ({ target: menu, newState }) => {
  if (menu.matches(".menu")) for (const button of openers(menu)) button.setAttribute("aria-expanded", String(newState === "open"));
}, true);

/** Below the button if there is room, else above; never over the edge. */
function place(menu, at) {
  const gap = 4, { offsetWidth: width, offsetHeight: height } = menu;
  const left = menu.dataset.align === "end" ? at.right - width : at.left;
  const below = at.bottom + gap, above = at.top - gap - height;
  const top = below + height > innerHeight && above > 0 ? above : below;
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(top, innerHeight - height - 8))}px`;
}

on("keydown", ".menu[popover]", (event, menu) => {
  if (composing(event)) return;
  const all = items(menu), i = all.indexOf(document.activeElement);
  const to = { ArrowDown: i + 1, ArrowUp: i - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    return all[(to + all.length) % all.length]?.focus();
  }
  if (event.key === "Tab") return menu.hidePopover();
  if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !inField(event.target)) {
    const letter = event.key.toLowerCase();
    [...all.slice(i + 1), ...all.slice(0, i + 1)].find((item) => item.textContent.trim().toLowerCase().startsWith(letter))?.focus();
  }
});

on("click", '.menu[popover] [role^="menuitem"]', (_, item) => item.closest(".menu").hidePopover());

// A scrolled page would leave the menu behind its button. What scrolls elsewhere,
// or moves because the page was drawn anew, closes nothing.
document.addEventListener("scroll", (event) => {
  const open = $(".menu:popover-open"), button = open && openers(open).find(visible);
  if (button && !moved && !open.contains(event.target) && event.target.contains(button)) open.hidePopover();
}, { capture: true, passive: true });
