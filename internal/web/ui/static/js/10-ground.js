// The ground that the other files stand on. All files of this folder are one
// module (ui.Assets joins them in the order of their names), so a name is
// made once and there is nothing to import.

const root = document.documentElement;
const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];

/** The few words that scripts say, from the catalogue: <meta name="words">. */
const words = JSON.parse($('meta[name="words"]')?.content || "{}");
const say = (name, values = {}) => (words[name] || "").replace(/\{(\w+)\}/g, (_, key) => values[key]);

/** A key belongs to the input method while it composes a syllable (한글). */
const composing = (event) => event.isComposing || event.keyCode === 229;

/** Where letters are text, not commands. */
const inField = (node) => node instanceof Element && !!node.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]");

const visible = (node) => node.checkVisibility ? node.checkVisibility({ visibilityProperty: true }) : node.offsetParent !== null;

/** Listens on the document for events of what matches, now and later. */
const on = (type, selector, handle) =>
  document.addEventListener(type, (event) => {
    const node = event.target instanceof Element && event.target.closest(selector);
    if (node) handle(event, node);
  });

const csrf = () => $('meta[name="csrf"]')?.content || "";
