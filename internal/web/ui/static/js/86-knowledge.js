// The editor of help articles: signs of Markdown as buttons, pictures, a warning before what was typed is lost.

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

let unsaved = false;
on("input", "[data-editor]", () => (unsaved = true));
on("submit", "[data-editor]", () => (unsaved = false));
addEventListener("beforeunload", (event) => {
  if (unsaved && $("[data-editor]")) event.preventDefault();
});
on("keydown", "[data-editor]", (event, form) => {
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || composing(event)) return;
  event.preventDefault();
  form.requestSubmit();
});
