// ---- what people do
const open = () => {
  if (!look || isOpen) return;
  isOpen = true;
  panel.hidden = false;
  change(s => { s.open = true; });
  draw();
  log.scrollTop = log.scrollHeight;
  seenAll();
  mark();
  grow();
  (picks ? picks.firstChild : card.hidden ? text : card.querySelector("label:not([hidden]) input")).focus({ preventScroll: true });
  listen();
};
const close = () => {
  isOpen = false;
  panel.hidden = true;
  change(s => { delete s.open; });
  mark();
  button.focus({ preventScroll: true });
};
const submit = () => {
  const words = text.value.trim(), good = files.filter(f => f.id);
  if (files.some(f => f.state === "busy")) { sendSoon = true; return; }
  if (!words && !good.length) return;
  if (!put(words, good)) return;
  change(s => { delete s.draft; });
  files = files.filter(f => !f.id);
  drawTray();
  text.value = "";
  grow();
};
// press says what stands on a button. What is being written stays.
const press = b => {
  put(b.label, [], b.id);
  pressed = true;
  log.focus({ preventScroll: true });
};
// put lets words wait to be sent, and says whether they may be.
const put = (words, good, id) => {
  if (!card.hidden && !id) {
    const must = [...card.querySelectorAll("label:not([hidden]) input")].find(i => (i.name !== "question" || i.required) && !i.value.trim());
    if (must) { complain(say("missing")); must.focus(); return false; }
  }
  change(s => {
    const w = { client_id: random(12), text: words, at: new Date().toISOString() };
    if (id) w.press = id;
    if (good.length) w.files = good.map(({ id, name, size }) => ({ id, name, size }));
    if (nameField.value.trim()) w.name = nameField.value.trim();
    if (mailField.value.trim()) w.email = mailField.value.trim();
    if (!card.hidden && look.questions?.length) w.answers = [...card.querySelectorAll("[name=question]")].map(i => i.value.trim());
    (s.outbox = s.outbox || []).push(w);
  });
  draw();
  log.scrollTop = log.scrollHeight;
  flush();
  return true;
};
const grow = () => {
  text.style.height = "auto";
  text.style.height = Math.min(text.scrollHeight, 140) + "px";
};
button.addEventListener("click", () => isOpen ? close() : open());
closer.addEventListener("click", close);
text.addEventListener("focus", () => { if (!writes) { writes = true; draw(); } });
let typedAt = 0;
text.addEventListener("input", () => {
  grow();
  change(s => { if (text.value) s.draft = text.value; else delete s.draft; });
  if (stream && text.value.trim() && Date.now() - typedAt > 2500) { typedAt = Date.now(); post("/typing", {}).catch(() => {}); }
});
// Enter sends, but not the Enter that ends a syllable (UI Events §5.7: isComposing; 229 is what Safari says after compositionend).
text.addEventListener("keydown", e => {
  if (e.key !== "Enter" || e.shiftKey || e.isComposing || e.keyCode === 229) return;
  e.preventDefault();
  submit();
});
form.addEventListener("submit", e => { e.preventDefault(); submit(); });
panel.addEventListener("keydown", e => {
  e.stopPropagation(); // the page's own keys are not meant
  if (e.key === "Escape") close();
});
addEventListener("online", () => { later = wait = 0; flush(); listen(); });
addEventListener("storage", e => { // another tab
  if (e.key !== name) return;
  if (!e.newValue) { list = []; unread = 0; }
  if (look) { draw(); mark(); listen(); if (known()) fetchNew(); }
});
document.addEventListener("visibilitychange", () => { if (!document.hidden) { seenAll(); if (known()) { listen(); fetchNew(); } } });
addEventListener("pagehide", () => { ended = true; stream?.abort(); });
addEventListener("pageshow", e => { if (e.persisted) { ended = false; listen(); } });

// What a page may call. identify takes a proof of who is signed in; reset is for signing out.
window.Baraji = {
  open, close,
  identify(p) { proof = String(p || ""); list = []; told = ""; stream?.abort(); stream = null; if (look) { complain(""); draw(); listen(); flush(); } },
  reset() {
    if (proof) ask("/leave", { method: "POST", keepalive: true }).catch(() => {}); // what is left of it opens nothing
    proof = "";
    stream?.abort();
    try { localStorage.removeItem(name); } catch { /* nothing was stored */ }
    for (const k in memory) delete memory[k];
    list = []; files = []; unread = 0; told = ""; text.value = "";
    if (look) { drawTray(); draw(); mark(); }
  },
};

const begin = async () => {
  let resp;
  try { resp = await ask(""); } catch { setTimeout(begin, 5000 + Math.random() * 5000); return; }
  if (resp.status >= 500 || resp.status === 429) { setTimeout(begin, 5000 + Math.random() * 5000); return; }
  if (!resp.ok) return; // this page may not show it, or there is none: the page stays as it is
  look = await resp.json();
  words = look.words || {};
  wear();
  (document.body || document.documentElement).append(host);
  text.value = load().draft || "";
  draw();
  if (known()) listen();
  if (load().open) open();
  grow();
  flush();
};
