// ---- files: handed in at once, each for itself; the message that follows names them
const most = 5, largest = 10 * 1024 * 1024;
let files = [], sendSoon = false; // {file, name, size, id, state: "busy" | "bad" | "", why}

const size = n => new Intl.NumberFormat(lang, n < 1e6 ? { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 } : { style: "unit", unit: "megabyte", maximumFractionDigits: 1 })
  .format(n < 1e6 ? Math.max(1, n / 1e3) : n / 1e6);

const drawTray = () => {
  tray.hidden = files.length === 0;
  tray.replaceChildren(...files.map(f => {
    const off = el("button", { type: "button", className: "small", title: say("file_off", { name: f.name }), attrs: { "aria-label": say("file_off", { name: f.name }) } }, icon(icons.close));
    off.addEventListener("click", () => { files = files.filter(o => o !== f); drawTray(); text.focus(); });
    const again = el("button", { type: "button", className: "small", title: say("again"), attrs: { "aria-label": say("again") } }, icon(icons.again));
    again.addEventListener("click", () => hand(f));
    return el("li", { className: f.state }, icon(icons.file), el("span", { className: "grow" }, el("span", { className: "cut", textContent: f.name }),
      el("span", { className: "state", textContent: f.state === "bad" ? f.why : size(f.size) })), f.state === "bad" && f.may ? again : null, off);
  }));
};

const attach = all => {
  for (const file of all) {
    if (files.length >= most) { complain(say("many", { n: most })); break; }
    const f = { file, name: file.name || "picture.png", size: file.size, state: "" };
    files.push(f);
    if (file.size > largest) { f.state = "bad"; f.why = say("large", { n: largest / 1048576 }); drawTray(); continue; }
    hand(f);
  }
};

// hand gives a file to the desk. Without a line it stays, to be tried again.
const hand = async f => {
  token();
  f.state = "busy";
  drawTray();
  try {
    const resp = await ask("/files?name=" + encodeURIComponent(f.name), { method: "POST", body: f.file });
    const got = await resp.json().catch(() => ({}));
    if (resp.status === 403 && proof) { expired(); return hand(f); }
    if (resp.ok) Object.assign(f, { id: got.id, name: got.name, size: got.size, state: "" });
    else Object.assign(f, { state: "bad", why: Object.values(got.fields || {})[0] || got.text || say("failed"), may: resp.status >= 500 || resp.status === 429 });
  } catch { Object.assign(f, { state: "bad", why: say("failed"), may: true }); }
  drawTray();
  if (sendSoon && !files.some(f => f.state === "busy")) { sendSoon = false; submit(); }
};

// shown are the files of a message. The addresses of files are good for a day: the first that came is kept for as long
// as the page is, so that a picture is not fetched again.
const urls = {};
const filesOf = m => el("div", { className: "files" }, ...m.files.map(f => {
  const url = f.url && (urls[f.id] ||= base + "/widget/" + key + f.url);
  const plain = () => el(url ? "a" : "span", { className: "file", ...(url ? { href: url, download: f.name, target: "_blank", rel: "noopener" } : {}) },
    icon(icons.file), el("span", { className: "grow" }, el("span", { className: "cut", textContent: f.name }), el("span", { className: "state", textContent: size(f.size) })));
  if (!url || !f.pic) return plain();
  const img = el("img", { src: url + "&inline=1", alt: f.name, loading: "lazy" });
  const a = el("a", { className: "pic", href: url + "&inline=1", target: "_blank", rel: "noopener" }, img);
  img.addEventListener("error", () => a.replaceWith(plain())); // the page may not show pictures from elsewhere
  img.addEventListener("load", () => { if (stuck) log.scrollTop = log.scrollHeight; });
  return a;
}));

clip.addEventListener("click", () => picker.click());
picker.addEventListener("change", () => { attach([...picker.files]); picker.value = ""; text.focus(); });
text.addEventListener("paste", e => {
  const all = [...(e.clipboardData?.files || [])];
  if (all.length) { e.preventDefault(); attach(all); }
});
for (const kind of ["dragenter", "dragover"]) panel.addEventListener(kind, e => {
  if (![...(e.dataTransfer?.types || [])].includes("Files")) return;
  e.preventDefault();
  panel.classList.add("drop");
});
panel.addEventListener("dragleave", e => { if (!panel.contains(e.relatedTarget)) panel.classList.remove("drop"); });
panel.addEventListener("drop", e => {
  panel.classList.remove("drop");
  const all = [...(e.dataTransfer?.files || [])];
  if (all.length) { e.preventDefault(); attach(all); }
});
