// Times that grow old while one looks: <time data-ago datetime="…"> says how
// long ago, [data-due="…"] counts down and turns amber ([data-soon] seconds
// before) and red. The server wrote the first text; words come from the catalogue.

const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

function span(ms) {
  const d = Math.floor(ms / DAY), h = Math.floor((ms % DAY) / HOUR), m = Math.floor((ms % HOUR) / MINUTE);
  const parts = d ? [d && say("days", { n: d }), h && say("hours", { n: h })] : h ? [say("hours", { n: h }), m && say("minutes", { n: m })] : [say("minutes", { n: m })];
  return parts.filter(Boolean).join(" ");
}

function ago(node) {
  const past = Date.now() - Date.parse(node.dateTime);
  if (past < 0 || past >= 6 * HOUR) return; // days are the server's: it knows the zone
  const text = past < MINUTE ? say("now") : past < HOUR ? say("minutes", { n: Math.floor(past / MINUTE) }) : say("hours", { n: Math.floor(past / HOUR) });
  if (text && node.textContent !== text) node.textContent = text;
}

function due(node) {
  const left = Date.parse(node.dataset.due) - Date.now(), label = $("[data-due-text]", node) || node;
  const text = Math.abs(left) < MINUTE ? say(left < 0 ? "dueNow" : "dueSoon") : say(left < 0 ? "over" : "left", { span: span(Math.abs(left)) });
  if (text && label.textContent !== text) label.textContent = text;
  const state = left < 0 ? "over" : left < 1000 * (node.dataset.soon || 900) ? "soon" : "";
  if (node.dataset.state === state) return;
  node.dataset.state = state;
  node.classList.toggle("timer--over", state === "over");
  node.classList.toggle("timer--soon", state === "soon");
}

function tick() {
  $$("time[data-ago]").forEach(ago);
  $$("[data-due]").forEach(due);
}

setInterval(() => document.hidden || tick(), 20_000);
document.addEventListener("visibilitychange", () => document.hidden || tick());
