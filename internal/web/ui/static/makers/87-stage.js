// The settings of the chat: beside them the widget itself, drawn by its own script out of what stands in the form at this
// moment. Nothing is saved.
const stage = $("[data-stage]");
if (stage) {
  const form = $("form.set__form");
  const frame = $("[data-stage-frame]", stage);
  const verdict = $("[data-verdict]", form);
  const chosen = (what) => $(`[data-switch="${what}"] [aria-pressed="true"]`, stage).dataset[what];
  let timer = 0;
  let order = null;
  const wear = async () => {
    order?.abort();
    order = new AbortController();
    const body = new URLSearchParams([...new FormData(form)].filter(([, v]) => typeof v === "string"));
    try {
      const answer = await fetch(`${stage.dataset.stage}&lang=${chosen("lang")}`, { method: "POST", body, headers: { "X-CSRF-Token": csrf() }, signal: order.signal });
      if (!answer.ok) return;
      const { look, color, tone } = await answer.json();
      frame.contentWindow.Baraji?.wear({ ...look, scheme: chosen("scheme") });
      if (verdict.textContent !== color) verdict.textContent = color;
      verdict.dataset.tone = tone;
    } catch {
      // overtaken by the next letter, or no network
    }
  };
  const load = () => (frame.src = `${frame.dataset.stageFrame}?lang=${chosen("lang")}`);
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(wear, 150);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  frame.addEventListener("load", wear);
  on("click", "[data-stage] [data-switch] > button", (_, button) => {
    for (const other of button.parentElement.children) other.setAttribute("aria-pressed", String(other === button));
    stage.dataset.width = chosen("width");
    if (button.dataset.lang) load();
    else wear();
  });
  load();
}

// [data-swatch]: the browser's own way to choose a colour, beside the field that it fills.
for (const swatch of $$("[data-swatch]")) {
  const field = swatch.form.elements[swatch.dataset.swatch];
  swatch.hidden = false;
  swatch.addEventListener("input", () => {
    field.value = swatch.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("input", () => {
    if (/^#[0-9a-f]{6}$/i.test(field.value)) swatch.value = field.value;
  });
}
