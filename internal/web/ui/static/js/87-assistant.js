// Suggestions beside the composer: a click, or its number, puts one into the answer. It is never sent by itself.
on("click", "[data-insert]", (event, button) => {
  const area = $('textarea[name="reply"]', button.closest("form"));
  if (!area) return;
  const radio = $('[name="kind"][value="reply"]', area.form);
  if (radio && !radio.checked) radio.click();
  const before = area.value.slice(0, area.selectionStart).trimEnd(), behind = area.value.slice(area.selectionEnd).trimStart();
  area.value = [before, button.dataset.insert, behind].filter(Boolean).join("\n\n");
  const at = (before ? before.length + 2 : 0) + button.dataset.insert.length;
  area.focus();
  area.setSelectionRange(at, at);
  area.dispatchEvent(new Event("input", { bubbles: true }));
});
