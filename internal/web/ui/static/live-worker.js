// The one stream of a browser. Pages tell their topics; the worker opens
// /live?topic=a&topic=b with all of them and passes on what changed to the pages
// that asked. HTTP/1.1 allows six connections per origin: one per tab would
// stop the seventh tab.
//
// Over the wire (server-sent events):
//
//	event: change	data: {"topic":"conversation:cnv_1"}	fetch it again
//	event: typing	data: {"topic":"conversation:cnv_1"}	somebody types there, at this moment
//	event: resync	data: {}	something was missed: fetch everything
//	event: toast	data: {"text":"…"}	say it
//
// "id:" lines let the browser resume where it was (Last-Event-ID). ?since= is where
// a new stream begins, so that nothing is lost between a page and the stream: the
// id up to which the newest page had read when the server wrote it. When a page
// only follows other topics, the stream begins a minute ago: no answer that a page
// shows is older when it arrives, and what was told since then is told twice.

const pages = new Map(); // port → topics
const longest = 60_000; // no request takes longer
let url, since = "", stream, following = "", retry = 1000, broken = false;
let told = []; // {id, at} of what was told within the last minute, and the one before

const all = () => [...new Set([...pages.values()].flat())].sort();
const tell = (message, wants = () => true) => pages.forEach((topics, port) => wants(topics) && port.postMessage(message));

function follow() {
  const topics = all(), key = topics.join(" ");
  if (key === following && stream) return;
  following = key;
  stream?.close();
  stream = undefined;
  if (topics.length && url) listen(topics);
}

function listen(topics) {
  const query = new URLSearchParams(topics.map((topic) => ["topic", topic]));
  if (since) query.set("since", since);
  const mine = (stream = new EventSource(`${url}?${query}`));
  mine.onopen = () => {
    retry = 1000;
    tell({ kind: "up" });
    if (broken) tell({ kind: "resync" });
    broken = false;
  };
  mine.addEventListener("change", (event) => {
    remember(event.lastEventId);
    const data = JSON.parse(event.data);
    tell({ kind: "change", topic: data.topic, data }, (topics) => topics.includes(data.topic));
  });
  mine.addEventListener("typing", (event) => {
    const data = JSON.parse(event.data);
    tell({ kind: "typing", topic: data.topic }, (topics) => topics.includes(data.topic));
  });
  mine.addEventListener("resync", () => tell({ kind: "resync" }));
  mine.addEventListener("toast", (event) => tell({ kind: "toast", data: JSON.parse(event.data) }));
  mine.onerror = () => {
    broken = true;
    tell({ kind: "down" });
    if (mine.readyState === EventSource.CLOSED) again(mine); // refused: the browser gives up, we do not
  };
}

/** Moves on where a new stream begins. */
function remember(id) {
  const now = Date.now();
  told.push({ id, at: now });
  const old = told.findLastIndex(({ at }) => at < now - longest);
  if (old < 0) return;
  since = told[old].id || since; // what is told before it is in the log has no place yet
  told = told.slice(old + 1);
}

function again(mine) {
  setTimeout(() => stream === mine && ((stream = undefined), follow()), retry * (0.5 + Math.random()));
  retry = Math.min(retry * 2, 60_000);
}

function join(port) {
  pages.set(port, []);
  port.onmessage = ({ data }) => {
    if (data.url) url = data.url;
    if (data.since) [since, told] = [data.since, []];
    if (data.topics) pages.set(port, data.topics);
    follow();
  };
}

if (typeof SharedWorkerGlobalScope === "function" && self instanceof SharedWorkerGlobalScope) {
  self.onconnect = (event) => join(event.ports[0]);
} else {
  join(self);
}
