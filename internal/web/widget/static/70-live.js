// ---- the stream that says when there is something to fetch
let stream = null, wait = 0;
const listen = async () => {
  if (stream || ended || !known()) return;
  const stop = stream = new AbortController();
  try {
    const resp = await ask("/live", { signal: stop.signal });
    if (resp.status === 404 && !proof) { forget(); return; }
    if (resp.status === 403 && proof) { expired(); return; }
    if (!resp.ok) throw new Error(String(resp.status));
    await fetchNew();
    flush();
    const reader = resp.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "", came = Date.now();
    const dead = setInterval(() => { if (Date.now() - came > 50000) stop.abort(); }, 5000); // the desk beats every 20 s
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        came = Date.now();
        wait = 0;
        rest += value;
        const parts = rest.split("\n\n");
        rest = parts.pop();
        if (parts.some(p => p.includes("event: change") || p.includes("event: resync"))) fetchNew();
        else if (parts.some(p => p.includes("event: typing"))) theyType(true);
      }
    } finally { clearInterval(dead); }
  } catch { /* again, a little later */ } finally { if (stream === stop) stream = null; }
  if (ended || !known()) return;
  wait = Math.min(wait ? wait * 2 : 500, 20000);
  setTimeout(listen, wait * (.75 + Math.random() / 2));
};
