// ---- the talk
const clock = at => new Intl.DateTimeFormat(lang, { hour: "numeric", minute: "2-digit" }).format(new Date(at));
// Addresses in what the firm says lead there. What a visitor writes stays text.
const linked = t => t.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'])/).map((s, i) => i % 2 ? el("a", { href: s, textContent: s, target: "_blank", rel: "noopener" }) : s);
const bubble = m => {
  const mine = m.from === "visitor";
  const article = el("article", { className: mine ? "mine" : "ours" });
  if (!mine) article.append(el("div", { className: "who" }, el("b", { textContent: m.name || look.title }), " ", el("time", { textContent: m.at ? clock(m.at) : "" })));
  if (m.text) {
    const body = el("div", { className: "body" });
    m.text.split("\n").forEach((t, i) => body.append(...(i ? [el("br")] : []), ...(mine ? [t] : linked(t))));
    article.append(body);
  }
  if (m.files?.length) article.append(filesOf(m));
  if (m.waits) article.append(el("div", { className: "state", textContent: say("waits") }));
  else if (mine && m.read) article.append(el("div", { className: "state", textContent: say("read") }));
  return article;
};

// What is drawn already stays the same element, so that pictures stay and nothing is read out twice.
let drawn = new Map(), stuck = true, typing = false;
// He pressed a button just now; he writes himself, so that he is asked what the firm wants to know of him.
let pressed = false, writes = false;
const draw = () => {
  stuck = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  const there = new Set(list.map(m => m.client_id));
  const waiting = (load().outbox || []).filter(w => !there.has(w.client_id)).map(w => ({ ...w, from: "visitor", waits: true }));
  const next = new Map();
  for (const m of [{ from: "bot", text: look.greeting, id: "greeting" }, ...list, ...waiting]) {
    const as = JSON.stringify([m.id, m.client_id, m.text, m.read, m.waits]);
    next.set(as, drawn.get(as) || bubble(m));
  }
  drawn = next;
  const nodes = [...drawn.values(), ...(typing ? [types] : []), ...offered(waiting.length > 0)];
  nodes.forEach((n, i) => { if (log.children[i] !== n) log.insertBefore(n, log.children[i] || null); });
  while (log.children.length > nodes.length) log.lastChild.remove();
  card.hidden = known() && !load().unasked || waiting.length > 0 || picks && !writes || !(look.ask_name || look.ask_email || look.questions?.length);
  nameLabel.hidden = !look.ask_name;
  mailLabel.hidden = !look.ask_email;
  if (stuck) log.scrollTop = log.scrollHeight;
  if (pressed && picks) { pressed = false; if (!root.activeElement || root.activeElement === log) picks.firstChild.focus({ preventScroll: true }); }
};
// What may be pressed instead of writing: below the last thing that was said, until something else is said.
let picks = null, picksOf = "";
const offered = (waits) => {
  const last = list.at(-1) || { from: "bot", id: "greeting", may: look.may };
  if (waits || last.from !== "bot" || !last.may?.length) { picks = null; picksOf = ""; return []; }
  if (picksOf !== last.id) {
    picksOf = last.id;
    picks = el("div", { className: "picks", attrs: { role: "group", "aria-label": say("picks") } }, ...last.may.map(b => b.url
      ? el("a", { href: new URL(b.url, base).href, textContent: b.label, target: "_blank", rel: "noopener" })
      : el("button", { type: "button", textContent: b.label, onclick: () => press(b) })));
  }
  return [picks];
};
const mark = () => {
  badge.hidden = unread === 0;
  badge.textContent = unread || "";
  button.setAttribute("aria-label", unread ? say("unread", { n: unread }) : say("open", { title: look ? look.title : "" }));
  button.setAttribute("aria-expanded", String(isOpen));
};
const complain = (t, fields = {}) => {
  trouble.textContent = Object.values(fields).join(" ") || t || "";
  trouble.hidden = !trouble.textContent;
  for (const [input, what] of [[nameField, "name"], [mailField, "email"]]) input.toggleAttribute("aria-invalid", !!fields[what]);
  if (fields.email) mailField.focus(); else if (fields.name) nameField.focus();
};

// The other side types: for a few seconds, or until it says something.
let typed = 0;
const theyType = on => {
  clearTimeout(typed);
  if (on) typed = setTimeout(theyType, 5000);
  if (typing !== !!on) { typing = !!on; draw(); }
};
