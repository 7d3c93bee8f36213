// The chat on the firm's own pages: one script tag,
//   <script src="https://desk.example/widget.js?key=…" async></script>
// It touches nothing of the page but one element of its own, with a shadow root.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script) return;
  const source = new URL(script.src), base = source.origin, key = source.searchParams.get("key") || "";
  if (!key || window.Baraji) return;

  const lang = (script.dataset.lang || document.documentElement.lang || navigator.language || "en").slice(0, 2) === "ko" ? "ko" : "en";

  // ---- what outlives a page: the token, and what was not sent yet -------------------------------------------
  // Where the browser refuses to store anything, it lives as long as the page.
  const memory = {};
  const name = "baraji:" + key;
  const load = () => { try { return JSON.parse(localStorage.getItem(name)) || {}; } catch { return memory; } };
  const change = fn => {
    const all = load();
    fn(all);
    Object.assign(memory, all);
    try { localStorage.setItem(name, JSON.stringify(all)); } catch { /* memory has it */ }
  };
  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), b => b.toString(16).padStart(2, "0")).join("");

  // ---- the line to the desk ---------------------------------------------------------------------------------
  let proof = script.dataset.proof || "";
  const ask = (what, options = {}) => {
    const headers = {};
    const { token } = load();
    if (proof) headers["Visitor-Proof"] = proof;
    else if (token) headers.Authorization = "Visitor " + token;
    if (options.body) headers["Content-Type"] = "application/json";
    const sep = what.includes("?") ? "&" : "?";
    return fetch(base + "/widget/" + key + what + sep + "lang=" + lang, { ...options, headers, credentials: "omit", cache: "no-store" });
  };
  const known = () => !!(proof || load().token);

  // ---- the look ---------------------------------------------------------------------------------------------
  const host = document.createElement("div");
  host.dataset.baraji = "";
  const root = host.attachShadow({ mode: "open" });
  const el = (tag, props = {}, ...kids) => {
    const e = Object.assign(document.createElement(tag), props);
    for (const [k, v] of Object.entries(props.attrs || {})) e.setAttribute(k, v);
    e.append(...kids.filter(k => k != null));
    return e;
  };
  const icon = d => {
    const s = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    s.setAttribute("viewBox", "0 0 24 24");
    s.setAttribute("aria-hidden", "true");
    for (const p of d) {
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", p);
      s.append(path);
    }
    return s;
  };
  const icons = {
    talk: ["M7.9 20A9 9 0 1 0 4 16.1L2 22Z"], close: ["M18 6 6 18", "m6 6 12 12"], send: ["m5 12 7-7 7 7", "M12 19V5"],
  };

  let look, words = {}, list = [], unread = 0, isOpen = false, ended = false;
  const say = (k, args = {}) => (words[k] || "").replace(/\{(\w+)\}/g, (_, a) => args[a] ?? "");

  const button = el("button", { className: "launch", type: "button" });
  const badge = el("span", { className: "badge", hidden: true });
  button.append(icon(icons.talk), badge);
  const panel = el("section", { className: "panel", hidden: true, attrs: { role: "dialog" } });
  const title = el("b"), status = el("span", { className: "tiny" });
  const closer = el("button", { className: "quiet", type: "button" }, icon(icons.close));
  const log = el("div", { className: "log", tabIndex: 0, attrs: { role: "log", "aria-live": "polite" } });
  const card = el("div", { className: "card", hidden: true });
  const nameField = el("input", { name: "name", autocomplete: "name", maxLength: 100 });
  const mailField = el("input", { name: "email", type: "email", autocomplete: "email", maxLength: 254 });
  const nameLabel = el("label", {}, el("span"), nameField), mailLabel = el("label", {}, el("span"), mailField);
  card.append(nameLabel, mailLabel);
  const trouble = el("p", { className: "trouble", hidden: true, attrs: { role: "alert" } });
  const text = el("textarea", { rows: 1, maxLength: 3000 });
  const send = el("button", { className: "send", type: "submit" }, icon(icons.send));
  const form = el("form", { noValidate: true }, card, trouble, el("div", { className: "in" }, text, send));
  panel.append(el("div", { className: "head" }, el("div", { className: "grow" }, title, status), closer), log, form);
  root.append(panel, button);

  const wear = () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css.replaceAll("__ACCENT__", look.color || "light-dark(#00635f, #6fcfc6)").replaceAll("__ON__", look.color ? onColor(look.color) : "light-dark(#fff, #06302e)"));
    root.adoptedStyleSheets = [sheet];
    host.className = look.left ? "left" : "";
    panel.classList.toggle("left", !!look.left);
    button.classList.toggle("left", !!look.left);
    title.textContent = look.title;
    status.textContent = look.status || "";
    panel.setAttribute("aria-label", say("panel", { title: look.title }));
    panel.lang = log.lang = lang;
    log.setAttribute("aria-label", say("log"));
    closer.setAttribute("aria-label", say("close"));
    send.setAttribute("aria-label", say("send"));
    text.placeholder = say("write");
    text.setAttribute("aria-label", say("write"));
    nameLabel.firstChild.textContent = say("name");
    mailLabel.firstChild.textContent = say("email");
    mark();
  };
  // The ink on the firm's colour: whichever of black and white can be read on it (WCAG 2.2, 1.4.3).
  const onColor = c => {
    const lum = [1, 3, 5].map(i => parseInt(c.slice(i, i + 2), 16) / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    const l = .2126 * lum[0] + .7152 * lum[1] + .0722 * lum[2];
    return 1.05 / (l + .05) >= (l + .05) / .05 ? "#fff" : "#000";
  };

  // ---- the talk ---------------------------------------------------------------------------------------------
  const clock = at => new Intl.DateTimeFormat(lang, { hour: "numeric", minute: "2-digit" }).format(new Date(at));
  const bubble = m => {
    const mine = m.from === "visitor";
    const body = el("div", { className: "body" });
    m.text.split("\n").forEach((t, i) => body.append(...(i ? [el("br"), t] : [t])));
    const article = el("article", { className: mine ? "mine" : "ours" });
    if (!mine) article.append(el("div", { className: "who" }, el("b", { textContent: m.name || look.title }), " ", el("time", { textContent: m.at ? clock(m.at) : "" })));
    article.append(body);
    if (m.waits) article.append(el("div", { className: "state", textContent: say("waits") }));
    else if (mine && m.read) article.append(el("div", { className: "state", textContent: say("read") }));
    return article;
  };
  const draw = () => {
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    const there = new Set(list.map(m => m.client_id));
    const waiting = (load().outbox || []).filter(w => !there.has(w.client_id)).map(w => ({ ...w, from: "visitor", waits: true }));
    log.replaceChildren(bubble({ from: "bot", text: look.greeting }), ...[...list, ...waiting].map(bubble));
    card.hidden = known() || waiting.length > 0 || !(look.ask_name || look.ask_email);
    nameLabel.hidden = !look.ask_name;
    mailLabel.hidden = !look.ask_email;
    if (atEnd) log.scrollTop = log.scrollHeight;
  };
  const mark = () => {
    badge.hidden = unread === 0;
    badge.textContent = unread || "";
    button.setAttribute("aria-label", unread ? say("unread", { n: unread }) : say("open", { title: look ? look.title : "" }));
    button.setAttribute("aria-expanded", String(isOpen));
  };
  const complain = (t, fields = {}) => {
    trouble.textContent = [fields.name, fields.email, fields.text].filter(Boolean).join(" ") || t || "";
    trouble.hidden = !trouble.textContent;
    for (const [input, field] of [[nameField, "name"], [mailField, "email"]]) input.toggleAttribute("aria-invalid", !!fields[field]);
    if (fields.email) mailField.focus(); else if (fields.name) nameField.focus();
  };

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
          if (!resp.ok) return;
          const { items } = await resp.json();
          const had = new Set(list.map(m => m.id));
          const fresh = items.filter(m => !had.has(m.id) && m.from !== "visitor").length;
          const first = list.length === 0;
          list = items;
          change(s => { s.outbox = (s.outbox || []).filter(w => !items.some(m => m.client_id === w.client_id)); });
          const seen = load().seen || "";
          unread = isOpen ? 0 : items.filter(m => m.from !== "visitor" && m.id > seen).length;
          draw();
          mark();
          if (items.length && (fresh || first)) ask("/got", { method: "POST", body: JSON.stringify({ id: items[items.length - 1].id }) }).catch(() => {});
          if (isOpen) seenAll();
        } while (once);
      } catch { /* the network is gone: the stream says when it is back */ } finally { fetching = null; }
    })();
    return fetching;
  };
  const seenAll = () => {
    unread = 0;
    if (list.length) change(s => { s.seen = list[list.length - 1].id; });
    mark();
  };
  const forget = () => {
    change(s => { delete s.token; delete s.seen; });
    list = [];
    draw();
  };

  // flush sends what waits, one after the other; what cannot be sent now is sent when the line is back.
  let flushing = false, later = 0;
  const flush = async () => {
    if (flushing || !look) return;
    flushing = true;
    try {
      for (let w; (w = (load().outbox || [])[0]);) {
        let resp;
        try {
          resp = await ask("/messages", { method: "POST", body: JSON.stringify({ ...w, page: location.origin + location.pathname }) });
        } catch { retry(); return; }
        if (resp.status >= 500) { complain((await resp.json().catch(() => ({}))).text); retry(); return; }
        const drop = () => change(s => { s.outbox = (s.outbox || []).filter(o => o.client_id !== w.client_id); });
        if (resp.ok) {
          later = 0;
          const { id, token } = await resp.json();
          change(s => { if (token) s.token = token; });
          if (!list.some(m => m.id === id)) list.push({ id, client_id: w.client_id, from: "visitor", text: w.text, at: w.at });
          drop();
          complain("");
          draw();
          listen();
          continue;
        }
        const why = await resp.json().catch(() => ({}));
        if (resp.status === 404 && load().token && !proof) { forget(); continue; }
        if (resp.status === 429) { complain(why.text); retry(); return; }
        drop(); // it will never go: the words go back to where they can be changed
        if (!text.value) text.value = w.text;
        draw();
        complain(why.text, why.fields);
        return;
      }
    } finally { flushing = false; }
  };
  let timer = 0;
  const retry = () => {
    clearTimeout(timer);
    later = Math.min(later ? later * 2 : 1000, 30000);
    timer = setTimeout(flush, later * (.75 + Math.random() / 2));
    draw();
  };

  // listen keeps a stream open that says when there is something to fetch.
  let stream = null, wait = 0;
  const listen = async () => {
    if (stream || ended || !known()) return;
    const stop = stream = new AbortController();
    try {
      const resp = await ask("/live", { signal: stop.signal });
      if (resp.status === 404 && !proof) { forget(); return; }
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
          if (parts.some(p => p.includes("event: "))) fetchNew();
        }
      } finally { clearInterval(dead); }
    } catch { /* again, a little later */ } finally { stream = null; }
    if (ended || !known()) return;
    wait = Math.min(wait ? wait * 2 : 500, 20000);
    setTimeout(listen, wait * (.75 + Math.random() / 2));
  };

  // ---- what people do ---------------------------------------------------------------------------------------
  const open = () => {
    if (!look || isOpen) return;
    isOpen = true;
    panel.hidden = false;
    change(s => { s.open = true; });
    draw();
    log.scrollTop = log.scrollHeight;
    seenAll();
    (card.hidden ? text : look.ask_name ? nameField : mailField).focus({ preventScroll: true });
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
    const words = text.value.trim();
    if (!words) return;
    const first = !card.hidden;
    if (first && look.ask_name && !nameField.value.trim() || first && look.ask_email && !mailField.value.trim()) {
      complain(say("missing"), {});
      (look.ask_name && !nameField.value.trim() ? nameField : mailField).focus();
      return;
    }
    change(s => {
      const w = { client_id: newId(), text: words, at: new Date().toISOString() };
      if (nameField.value.trim()) w.name = nameField.value.trim();
      if (mailField.value.trim()) w.email = mailField.value.trim();
      (s.outbox = s.outbox || []).push(w);
    });
    text.value = "";
    grow();
    draw();
    log.scrollTop = log.scrollHeight;
    flush();
  };
  const grow = () => {
    text.style.height = "auto";
    text.style.height = Math.min(text.scrollHeight, 140) + "px";
  };
  button.addEventListener("click", () => isOpen ? close() : open());
  closer.addEventListener("click", close);
  text.addEventListener("input", grow);
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
    Object.assign(memory, load());
    if (look) { draw(); listen(); if (known()) fetchNew(); }
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && known()) { listen(); fetchNew(); } });
  addEventListener("pagehide", () => { ended = true; stream?.abort(); });
  addEventListener("pageshow", e => { if (e.persisted) { ended = false; listen(); } });

  // What a page may call. identify takes a proof of who is signed in; reset is for signing out.
  window.Baraji = {
    open, close,
    identify(p) { proof = String(p || ""); list = []; stream?.abort(); if (look) { draw(); listen(); } },
    reset() { proof = ""; stream?.abort(); try { localStorage.removeItem(name); } catch { /* nothing was stored */ } for (const k in memory) delete memory[k]; list = []; unread = 0; if (look) { draw(); mark(); } },
  };

  const begin = async () => {
    let resp;
    try { resp = await ask(""); } catch { setTimeout(begin, 5000 + Math.random() * 5000); return; }
    if (!resp.ok) return; // this page may not show it, or there is none: the page stays as it is
    look = await resp.json();
    words = look.words || {};
    wear();
    (document.body || document.documentElement).append(host);
    draw();
    if (known()) listen();
    if (load().open) open();
    flush();
  };

  const css = `
:host { all: initial; color-scheme: light dark; --accent: __ACCENT__; --on: __ON__; --ink: light-dark(#16262a, #e9efee); --ink-2: light-dark(#4a5a5e, #b4c0c0);
  --sheet: light-dark(#fff, #172326); --well: light-dark(#edf2f1, #243236); --line: light-dark(#d9e1e0, #35454a); --bad: light-dark(#a4231c, #ff9d92);
  font: 400 15px/1.55 Pretendard, "Apple SD Gothic Neo", "Noto Sans KR", system-ui, sans-serif; }
*, *::before, *::after { box-sizing: border-box; margin: 0; font: inherit; letter-spacing: inherit; }
[hidden] { display: none !important; }
svg { inline-size: 20px; block-size: 20px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; display: block; }
button { cursor: pointer; border: 0; background: none; color: inherit; padding: 0; display: grid; place-items: center; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.launch { position: fixed; z-index: 2147483000; inset-block-end: max(20px, env(safe-area-inset-bottom)); inset-inline-end: 20px; inline-size: 56px; block-size: 56px; border-radius: 50%;
  background: var(--accent); color: var(--on); box-shadow: 0 6px 20px rgb(0 0 0 / .22); }
.launch.left { inset-inline: 20px auto; }
.launch svg { inline-size: 26px; block-size: 26px; }
.badge { position: absolute; inset-block-start: -4px; inset-inline-end: -4px; min-inline-size: 22px; block-size: 22px; padding-inline: 6px; border-radius: 11px; background: #b3261e; color: #fff; font: 600 13px/22px inherit; text-align: center; }
.panel { position: fixed; z-index: 2147483001; inset-block-end: 88px; inset-inline-end: 20px; inline-size: 380px; block-size: min(660px, calc(100dvh - 108px)); display: flex; flex-direction: column;
  background: var(--sheet); color: var(--ink); border-radius: 16px; overflow: hidden; box-shadow: 0 16px 48px rgb(0 0 0 / .26); border: 1px solid var(--line); }
.panel.left { inset-inline: 20px auto; }
.head { display: flex; align-items: center; gap: 8px; padding: 14px 12px 14px 18px; background: light-dark(#183135, #0e181b); color: #fff; }
.head b { display: block; font-weight: 650; }
.tiny { font-size: 13px; opacity: .85; }
.grow { flex: 1; min-inline-size: 0; }
.quiet { inline-size: 40px; block-size: 40px; border-radius: 10px; }
.quiet:hover { background: rgb(255 255 255 / .12); }
.head :focus-visible { outline-color: #fff; }
.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 18px; display: flex; flex-direction: column; gap: 12px; }
article { max-inline-size: 84%; display: grid; gap: 4px; }
.mine { align-self: flex-end; justify-items: end; }
.ours { align-self: flex-start; }
.who { font-size: 13px; color: var(--ink-2); }
.who b { font-weight: 600; color: var(--ink); }
.body { padding: 10px 14px; border-radius: 14px; background: var(--well); overflow-wrap: anywhere; word-break: keep-all; inline-size: fit-content; }
.mine .body { background: var(--accent); color: var(--on); border-end-end-radius: 4px; }
.ours .body { border-start-start-radius: 4px; }
.state { font-size: 12.5px; color: var(--ink-2); }
form { padding: 10px 14px 14px; display: grid; gap: 10px; }
.card { display: grid; gap: 8px; }
label { display: grid; gap: 4px; font-size: 13px; color: var(--ink-2); }
input, textarea { inline-size: 100%; border: 1px solid light-dark(#76888a, #7d9093); border-radius: 10px; background: var(--sheet); color: var(--ink); padding: 9px 12px; font-size: 16px; }
input[aria-invalid] { border-color: var(--bad); }
.trouble { color: var(--bad); font-size: 13.5px; }
.in { display: flex; align-items: flex-end; gap: 8px; border: 1px solid light-dark(#76888a, #7d9093); border-radius: 14px; padding: 5px; }
.in:focus-within { outline: 2px solid var(--accent); outline-offset: 1px; }
textarea, textarea:focus-visible { outline: none; }
textarea { border: 0; resize: none; padding: 7px 8px; line-height: 1.5; max-block-size: 140px; background: none; }
textarea::placeholder { color: var(--ink-2); opacity: 1; }
.send { flex: none; inline-size: 38px; block-size: 38px; border-radius: 10px; background: var(--accent); color: var(--on); }
@media (max-width: 480px) {
  .panel, .panel.left { inset: 0; inline-size: auto; block-size: 100dvh; border-radius: 0; border: 0; padding-block-end: env(safe-area-inset-bottom); }
}
@media print { :host { display: none; } }`;

  begin();
})();
