// ---- the look
const host = document.createElement("div");
host.dataset.baraji = "";
const root = host.attachShadow({ mode: "open" });
const el = (tag, props = {}, ...kids) => {
  const { attrs, ...rest } = props, e = Object.assign(document.createElement(tag), rest);
  for (const [k, v] of Object.entries(attrs || {})) e.setAttribute(k, v);
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
  clip: ["m16 6-8.414 8.586a2 2 0 0 0 2.829 2.829l8.414-8.586a4 4 0 1 0-5.657-5.657l-8.379 8.551a6 6 0 1 0 8.485 8.485l8.379-8.551"],
  file: ["M15 2H6a2 2 0 0 0-2 2v16a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V7Z", "M14 2v4a2 2 0 0 0 2 2h4"], again: ["M3 12a9 9 0 1 0 9-9 9.75 9.75 0 0 0-6.74 2.74L3 8", "M3 3v5h5"],
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
const types = el("div", { className: "types", attrs: { role: "img" } }, el("i"), el("i"), el("i"));
const card = el("div", { className: "card", hidden: true });
const field = (props) => el("label", {}, el("span"), el("input", props));
const nameLabel = field({ name: "name", autocomplete: "name", maxLength: 100 }), nameField = nameLabel.lastChild;
const mailLabel = field({ name: "email", type: "email", autocomplete: "email", maxLength: 254 }), mailField = mailLabel.lastChild;
card.append(nameLabel, mailLabel);
const trouble = el("p", { className: "trouble", hidden: true, attrs: { role: "alert" } });
const tray = el("ul", { className: "tray", hidden: true });
const text = el("textarea", { rows: 1, maxLength: 3000 });
const picker = el("input", { type: "file", multiple: true, className: "sr", tabIndex: -1 });
const clip = el("button", { className: "clip", type: "button" }, icon(icons.clip));
const send = el("button", { className: "send", type: "submit" }, icon(icons.send));
const form = el("form", { noValidate: true }, card, trouble, tray, el("div", { className: "in" }, text, picker, clip, send));
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
  types.setAttribute("aria-label", say("types"));
  panel.dataset.drop = say("drop");
  for (const [b, k] of [[closer, "close"], [send, "send"], [clip, "attach"]]) { b.setAttribute("aria-label", say(k)); b.title = say(k); }
  picker.setAttribute("aria-label", say("attach"));
  text.placeholder = say("write");
  text.setAttribute("aria-label", say("write"));
  nameLabel.firstChild.textContent = say("name");
  mailLabel.firstChild.textContent = say("email");
  for (const old of card.querySelectorAll("[name=question]")) old.parentElement.remove();
  for (const q of look.questions || []) {
    const l = field({ name: "question", maxLength: 200, required: q.required });
    l.firstChild.textContent = q.label;
    card.append(l);
  }
  mark();
};
// The ink on the firm's colour: whichever of black and white can be read on it (WCAG 2.2, 1.4.3).
const onColor = c => {
  const lum = [1, 3, 5].map(i => parseInt(c.slice(i, i + 2), 16) / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
  const l = .2126 * lum[0] + .7152 * lum[1] + .0722 * lum[2];
  return 1.05 / (l + .05) >= (l + .05) / .05 ? "#fff" : "#000";
};
