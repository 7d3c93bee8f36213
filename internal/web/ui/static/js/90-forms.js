// Small helps of forms.

// Text areas grow with their text where the browser cannot do it by itself.
if (!CSS.supports("field-sizing", "content")) {
  const grow = (area) => {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  };
  on("input", "textarea[data-grow]", (_, area) => grow(area));
  $$("textarea[data-grow]").forEach(grow);
}

// data-submit="ctrl" sends on Ctrl+Enter or ⌘Enter, data-submit="enter" on Enter
// (Shift+Enter makes a line); never while a syllable is composed.
on("keydown", "textarea[data-submit]", (event, area) => {
  if (event.key !== "Enter" || composing(event) || event.shiftKey || event.altKey) return;
  if (area.dataset.submit !== "enter" && !event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  area.form?.requestSubmit(area.form.querySelector("[data-default]") || undefined);
});

// data-autosubmit: a filter answers at once.
on("change", "[data-autosubmit]", (_, node) => node.form?.requestSubmit());

// data-check-all="name": one box for all boxes of that name in the form.
on("change", "[data-check-all]", (_, box) => {
  for (const other of $$(`input[type="checkbox"][name="${CSS.escape(box.dataset.checkAll)}"]`, box.form || document)) other.checked = box.checked;
});

// The error summary takes the focus when a page comes back with errors.
function focusErrors() {
  const summary = $("[data-errors]");
  if (!summary) return;
  delete summary.dataset.errors; // once
  summary.focus();
}
document.addEventListener("htmx:after:swap", focusErrors);
focusErrors();

// Files: a form with data-drop="words" takes files that are dropped on it or
// pasted into it, and puts them into its file field.
const dropZone = (event) => event.target instanceof Element && event.target.closest("[data-drop]");
const hasFiles = (transfer) => !!transfer && [...transfer.types].includes("Files");

function take(zone, files) {
  const field = $('input[type="file"]', zone);
  if (!field || !files.length) return;
  const all = new DataTransfer();
  if (field.multiple) for (const file of field.files) all.items.add(file);
  for (const file of field.multiple ? files : [files[0]]) all.items.add(file);
  field.files = all.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("dragover", (event) => {
  const zone = dropZone(event);
  for (const other of $$("[data-over]")) if (other !== zone) delete other.dataset.over;
  if (!zone || !hasFiles(event.dataTransfer)) return;
  event.preventDefault();
  zone.dataset.over = "";
});
document.addEventListener("dragleave", (event) => {
  const zone = dropZone(event);
  if (zone && !zone.contains(event.relatedTarget)) delete zone.dataset.over;
});
document.addEventListener("drop", (event) => {
  const zone = dropZone(event);
  if (!zone || !hasFiles(event.dataTransfer)) return;
  event.preventDefault();
  delete zone.dataset.over;
  take(zone, event.dataTransfer.files);
});
document.addEventListener("paste", (event) => {
  const zone = dropZone(event);
  if (!zone || !event.clipboardData?.files.length) return;
  event.preventDefault();
  take(zone, event.clipboardData.files);
});

// Copy: [data-copy="text"].
on("click", "[data-copy]", (_, node) => navigator.clipboard?.writeText(node.dataset.copy).then(() => toasts && toast({ text: say("copied") })));
