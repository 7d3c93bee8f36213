// The chat on the firm's own pages: one script tag,
//   <script src="https://desk.example/widget.js?key=…" async></script>
// It touches nothing of the page but one element of its own, with a shadow root.
// The files beside this one are served as one, in the order of their names, inside a function.
const script = document.currentScript;
if (!script) return;
const source = new URL(script.src), base = source.origin, key = source.searchParams.get("key") || "";
if (!key || window.Baraji) return;

// On the page of its settings the widget only shows itself: it asks nothing, sends nothing and keeps nothing.
const staged = "shown" in script.dataset;
const lang = (script.dataset.lang || document.documentElement.lang || navigator.language || "en").slice(0, 2) === "ko" ? "ko" : "en";

// ---- what outlives a page: the token, what was not sent yet, what is being written
// Where the browser refuses to store anything, it lives as long as the page.
const memory = {};
const name = "baraji:" + key;
const load = () => { if (staged) return memory; try { return JSON.parse(localStorage.getItem(name)) || {}; } catch { return memory; } };
const change = fn => {
  const all = load();
  fn(all);
  if (all !== memory) { for (const k in memory) delete memory[k]; Object.assign(memory, all); }
  if (!staged) try { localStorage.setItem(name, JSON.stringify(all)); } catch { /* memory has it */ }
};
const random = n => Array.from(crypto.getRandomValues(new Uint8Array(n)), b => b.toString(16).padStart(2, "0")).join("");

// Of several tabs one sends at a time (where the browser has locks; else the ids of the messages see to it that nothing
// is there twice).
const alone = fn => navigator.locks ? navigator.locks.request(name, fn) : fn();
