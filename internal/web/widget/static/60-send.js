// ---- what comes

// fetchNew takes what is new. Of two at once the second is done after the first.
let fetching = null, once = false;
const fetchNew = () => {
  if (fetching) { once = true; return fetching; }
  fetching = (async () => {
    try {
      do {
        once = false;
        const resp = await ask("/messages");
        if (resp.status === 404 && !proof) { forget(); return; }
        if (resp.status === 403 && proof) { expired(); return; }
        if (!resp.ok) return;
        const { items } = await resp.json();
        const had = new Set(list.map(m => m.id));
        const fresh = items.filter(m => !had.has(m.id) && m.from !== "visitor");
        const first = list.length === 0;
        list = [...items, ...list.filter(m => m.fresh && !items.some(i => i.id === m.id))]; // what went while this came
        change(s => { s.outbox = (s.outbox || []).filter(w => !items.some(m => m.client_id === w.client_id)); });
        const seen = load().seen || "";
        unread = looking() ? 0 : items.filter(m => m.from !== "visitor" && m.id > seen).length;
        if (fresh.length) theyType(false);
        draw();
        mark();
        if (items.length && (fresh.length || first) && !looking()) post("/got", { id: items.at(-1).id }).catch(() => {});
        seenAll();
      } while (once);
    } catch { /* the network is gone: the stream says when it is back */ } finally { fetching = null; }
  })();
  return fetching;
};

const looking = () => isOpen && !document.hidden;

// seenAll says that the visitor has everything before his eyes, if so.
let told = "";
const seenAll = () => {
  const last = list.findLast(m => m.from !== "visitor")?.id;
  if (!looking() || !look) return;
  unread = 0;
  mark();
  if (!last || last <= told) return;
  told = last;
  change(s => { s.seen = last; });
  post("/got", { id: list.at(-1).id, read: true }).catch(() => { told = ""; });
};
const forget = () => {
  change(s => { delete s.token; delete s.fresh; delete s.seen; });
  list = [];
  told = "";
  if (look) draw();
};

// expired: who is signed in is not proven any more. The visitor goes on as a stranger, with what he has typed; the page
// may prove him again.
const expired = () => {
  proof = "";
  list = [];
  told = "";
  stream?.abort();
  if (look) { draw(); complain(say("stranger")); }
  document.dispatchEvent(new CustomEvent("baraji:expired"));
};

// ---- what goes

// flush sends what waits, one after the other; what cannot be sent now is sent when the line is back.
let flushing = false, later = 0;
const flush = async () => {
  if (flushing || !look || !(load().outbox || []).length) return;
  flushing = true;
  try { await alone(sendAll); } finally { flushing = false; }
};
const sendAll = async () => {
  for (let w; (w = (load().outbox || [])[0]);) {
    if (!proof) token();
    let resp;
    try {
      resp = await post("/messages", { ...w, files: (w.files || []).map(f => f.id), page: location.origin + location.pathname });
    } catch { retry(); return; }
    if (resp.status >= 500) { complain((await resp.json().catch(() => ({}))).text); retry(); return; }
    const drop = () => change(s => { s.outbox = (s.outbox || []).filter(o => o.client_id !== w.client_id); });
    if (resp.ok) {
      later = 0;
      const { id, token, unasked } = await resp.json();
      change(s => { if (token) s.token = token; if (!proof) delete s.fresh; if (unasked) s.unasked = true; else delete s.unasked; });
      if (!list.some(m => m.id === id)) list.push({ id, client_id: w.client_id, from: "visitor", text: w.text, files: w.files, at: w.at, fresh: true });
      drop();
      complain("");
      draw();
      if (stream) { if (w.files?.length) fetchNew(); } else listen();
      continue;
    }
    const why = await resp.json().catch(() => ({}));
    if (resp.status === 403 && proof) { expired(); continue; }
    if (resp.status === 429) { complain(why.text); retry(); return; }
    drop(); // it will never go: the words go back to where they can be changed
    if (!text.value && !w.press) { text.value = w.text; grow(); }
    draw();
    complain(why.text, why.fields);
    return;
  }
};
let timer = 0;
const retry = () => {
  clearTimeout(timer);
  later = Math.min(later ? later * 2 : 1000, 30000);
  timer = setTimeout(flush, later * (.75 + Math.random() / 2));
  draw();
};
