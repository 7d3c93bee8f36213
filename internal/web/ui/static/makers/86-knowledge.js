// The editor of help articles: signs of Markdown as buttons, pictures, what is typed is kept.

let written = null; // the text area that somebody wrote in last
on("focusin", "textarea[data-markdown]", (_, area) => (written = area));
const writing = () => (written?.isConnected && written.checkVisibility() ? written : $$("textarea[data-markdown]").find((area) => area.checkVisibility()));

const marks = {
  heading: { line: "## " },
  bold: { around: "**" },
  link: { before: "[", after: "](https://)" },
  steps: { line: "1. " },
  note: { line: "> [!NOTE]\n> " },
  table: { block: "|  |  |\n| --- | --- |\n|  |  |\n" },
};

/** Puts a text in the place of what is chosen, so that it can be undone with the keys of the browser. */
function put(area, text, from = area.selectionStart, to = area.selectionEnd) {
  area.focus();
  area.setSelectionRange(from, to);
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

on("mousedown", "[data-insert]", (event) => event.preventDefault()); // the focus stays in the text
on("click", "[data-insert]", (_, button) => {
  const area = writing();
  const mark = marks[button.dataset.insert];
  if (!area || !mark) return;
  const { selectionStart: from, selectionEnd: to, value } = area;
  const chosen = value.slice(from, to);
  if (mark.around) return put(area, mark.around + chosen + mark.around);
  if (mark.before) return put(area, mark.before + chosen + mark.after);
  const start = value.lastIndexOf("\n", from - 1) + 1;
  if (mark.line) return put(area, value.slice(start, to).split("\n").map((line) => mark.line + line).join("\n"), start, to);
  put(area, (from > start ? "\n\n" : "") + mark.block);
});

async function picture(file, area) {
  const body = new FormData();
  body.append("file", file, file.name || "picture.png");
  try {
    const answer = await fetch("/knowledge/pictures", { method: "POST", body, headers: { "X-CSRF-Token": csrf(), "HX-Request": "true" } });
    if (!answer.ok) throw JSON.parse(answer.headers.get("HX-Trigger") || "{}").toast || {};
    put(area, await answer.text());
  } catch (reason) {
    toast(reason.text ? reason : { text: say("unreached"), kind: "bad" });
  }
}
on("change", "[data-picture]", async (_, field) => {
  const files = [...field.files];
  const area = writing();
  field.value = "";
  if (area) for (const file of files) await picture(file, area);
});
on("paste", "textarea[data-markdown]", async (event, area) => {
  const files = [...(event.clipboardData?.files || [])].filter((file) => file.type.startsWith("image/"));
  if (!files.length) return;
  event.preventDefault();
  for (const file of files) await picture(file, area);
});

// ---- kept while one writes: in the browser at once, on the server a second after the last letter

const isText = (field) => /^(ko|en)_(title|summary|body|slug)$/.test(field.name);
const articleForm = $("form[data-editor]");

if (articleForm) {
  const place = `baraji:article:${articleForm.dataset.keptUnder}`;
  const sign = $("[data-kept]"), bar = $("[data-overtaken]");
  const fields = [...articleForm.elements].filter(isText);
  const values = () => Object.fromEntries(fields.map((field) => [field.name, field.value]));
  const edition = articleForm.elements.edition;
  let dirty = false, here = true, busy = false, halted = false, other = false, timer;

  const status = (word) => {
    sign.textContent = sign.dataset[word];
    if (word !== "saved") return;
    const time = Object.assign(document.createElement("time"), { dateTime: new Date().toISOString() });
    time.dataset.ago = "";
    sign.append(" · ", time);
    ago(time);
  };
  const store = () => {
    try {
      localStorage.setItem(place, JSON.stringify({ edition: edition.value, values: values() }));
      here = true;
    } catch {
      here = false; // blocked or full: then leaving asks
    }
  };
  const stored = () => {
    try {
      return JSON.parse(localStorage.getItem(place));
    } catch {
      return null;
    }
  };
  const forget = () => {
    try {
      localStorage.removeItem(place);
    } catch {} // there is nothing in it
  };
  const halt = (text) => {
    halted = true;
    $("[data-text]", bar).textContent = text;
    bar.hidden = false;
    status("here");
  };

  async function keep({ leaving = false, over = false } = {}) {
    clearTimeout(timer);
    if (!dirty || halted || (busy && !leaving)) return;
    busy = true;
    status("saving");
    const sent = values();
    const body = new URLSearchParams({ ...sent, edition: edition.value, ...(over && { over: 1 }) });
    try {
      const answer = await fetch(`${articleForm.action}/keep`, { method: "POST", body, keepalive: leaving, headers: { "X-CSRF-Token": csrf(), "HX-Request": "true" } });
      const said = answer.ok || answer.status === 409 ? await answer.json() : {};
      if (answer.status === 409) halt(said.text);
      if (answer.ok) {
        edition.value = said.edition;
        dirty = JSON.stringify(sent) !== JSON.stringify(values());
        if (dirty) store();
        else forget(), status("saved");
      } else status("here");
      busy = false;
      if (dirty && !halted) timer = setTimeout(keep, answer.ok ? 900 : 10_000);
    } catch {
      busy = false;
      status("here");
      timer = setTimeout(keep, 5000);
    }
  }

  articleForm.addEventListener("input", ({ target }) => {
    if (!isText(target)) return (other = true);
    dirty = true;
    store();
    clearTimeout(timer);
    timer = setTimeout(keep, 900);
  });
  addEventListener("online", () => keep());
  addEventListener("pagehide", () => keep({ leaving: true }));
  articleForm.addEventListener("submit", () => {
    clearTimeout(timer);
    other = dirty = false; // what the browser keeps is looked at when the next page is there
  });
  addEventListener("beforeunload", (event) => {
    if (other || (dirty && !here)) event.preventDefault();
  });
  $("[data-mine]", bar).addEventListener("click", () => {
    halted = false;
    dirty = true;
    bar.hidden = true;
    const put = stored();
    if (put) for (const field of fields) if (field.name in put.values) field.value = put.values[field.name];
    keep({ over: true });
  });
  $("[data-theirs]", bar).addEventListener("click", () => {
    forget();
    other = dirty = false;
    location.assign(articleForm.action);
  });

  const put = stored();
  const bare = (text) => text.replace(/\s+/g, " ").trim();
  const kept = (field) => put.values[field.name] ?? field.value;
  const differs = put && fields.some((field) => bare(kept(field)) !== bare(field.value) && (kept(field) || !field.name.endsWith("_slug"))); // publishing gives an address
  if (put && !differs && !("typed" in articleForm.dataset)) forget();
  else if (differs && put.edition === edition.value) {
    for (const field of fields) field.value = kept(field);
    dirty = true;
    toast({ text: articleForm.dataset.restored });
    keep();
  } else if (differs) halt($("[data-text]", bar).dataset.other);
}

on("keydown", "[data-editor]", (event, form) => {
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || composing(event)) return;
  event.preventDefault();
  form.requestSubmit();
});

// A title is one line, however many it takes to be seen: Enter goes on to what stands below.
on("keydown", "textarea[data-one-line]", (event, area) => {
  if (event.key !== "Enter" || composing(event)) return;
  event.preventDefault();
  const all = $$("textarea", area.form);
  all[all.indexOf(area) + 1]?.focus();
});
