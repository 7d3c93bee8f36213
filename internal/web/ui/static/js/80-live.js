// Live: an element with data-live="conversation:cnv_1 inbox" hears the event
// "live" when one of these topics changed, and fetches itself anew:
//
//	<section data-live="conversation:cnv_1" hx-get="…" hx-trigger="live" hx-swap="outerMorph">
//
// The server tells what changed over one stream for the whole browser, held by
// a shared worker, or by the page where there is none. See live-worker.js for
// what goes over the wire. While the stream is down a bar says so, and when it
// comes back everything is fetched once. What could not be fetched is tried again.

const liveURL = $('meta[name="live"]')?.content, liveSince = $('meta[name="live-since"]')?.content;
const offlineBar = $("#offline");
let wanted = "", channel, offlineTimer, streaming = true;

const topicsHere = () => [...new Set($$("[data-live]").flatMap((node) => node.dataset.live.split(/\s+/)).filter(Boolean))].sort();

function heard({ kind, topic, data }) {
  if (kind === "up") return online(true);
  if (kind === "down") return online(false);
  if (kind === "toast") return document.dispatchEvent(new CustomEvent("toast", { detail: data }));
  if (kind === "typing") return document.dispatchEvent(new CustomEvent("typing", { detail: topic }));
  for (const node of $$("[data-live]")) {
    if (kind === "resync" || node.dataset.live.split(/\s+/).includes(topic)) node.dispatchEvent(new CustomEvent("live", { detail: { topic, data } }));
  }
}

// A redraw that did not come is asked for again, until it comes or the page is
// told to fetch everything.
document.addEventListener("htmx:finally:request", (event) => {
  const { sourceElement: node, response } = event.detail.ctx;
  if (!isRedraw(event.detail.ctx) || (response && response.raw.status < 500) || !navigator.onLine) return;
  setTimeout(() => node.isConnected && node.dispatchEvent(new CustomEvent("live")), 2000 + 2000 * Math.random());
});

/** A short break is nobody's business: the bar waits three seconds. */
function online(up) {
  streaming = up;
  if (up) {
    clearTimeout(offlineTimer);
    offlineTimer = undefined;
    if (offlineBar) offlineBar.hidden = true;
    return;
  }
  offlineTimer ??= setTimeout(() => offlineBar && (offlineBar.hidden = false), 3000);
}

function follow() {
  const topics = topicsHere(), key = topics.join(" ");
  if (key === wanted) return;
  wanted = key;
  channel ||= openChannel();
  channel.postMessage({ topics });
}

function openChannel() {
  const script = $('meta[name="live-worker"]').content;
  const worker = typeof SharedWorker === "function" ? new SharedWorker(script).port : new Worker(script);
  worker.onmessage = (event) => heard(event.data);
  addEventListener("pagehide", () => worker.postMessage({ topics: [] }));
  addEventListener("pageshow", (event) => event.persisted && worker.postMessage({ topics: topicsHere(), url: liveURL }));
  worker.postMessage({ url: liveURL, since: liveSince });
  return worker;
}

if (liveURL) {
  follow();
  document.addEventListener("htmx:after:swap", follow);
  addEventListener("offline", () => {
    const was = streaming;
    online(false);
    streaming = was;
  });
  addEventListener("online", () => {
    if (streaming) online(true); // else the stream says so when it is back
    heard({ kind: "resync" });
  });
}
