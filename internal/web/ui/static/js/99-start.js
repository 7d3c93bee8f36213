// htmx would begin by a timer, after this module: a key or a click that came
// between would be taken and lead to nothing. So it begins here; what it finds
// later, it does not begin twice.
htmx.initialize();

// What the pages on which something is made take from here (ui.Asset("makers.js")).
export { $, $$, ago, composing, csrf, on, say, toast };
