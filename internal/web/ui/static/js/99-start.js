// htmx would begin by a timer, after this module: a key or a click that came
// between would be taken and lead to nothing. So it begins here; what it finds
// later, it does not begin twice.
htmx.initialize();

// Where tabs are wider than a phone, the one on which one is is seen.
for (const tab of $$(".tabs > [aria-current]")) {
  const row = tab.parentElement;
  if (row.scrollWidth > row.clientWidth) row.scrollLeft += tab.getBoundingClientRect().right - row.getBoundingClientRect().right + 48;
}

// What the pages on which something is made take from here (ui.Asset("makers.js")).
export { $, $$, ago, composing, csrf, on, say, toast };
