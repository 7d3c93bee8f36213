// The builder of forms: the preview follows what is typed, and questions are dragged by their dots. Moving by keyboard is two
// buttons that work without this file.
/** A page as it is put into a frame that runs no scripts: without them, or the browser complains of each. */
const still = (page) => page.replace(/<script\b[^>]*><\/script>/g, "");

// [data-shows]: a frame that shows another page of ours, which no frame may load by itself.
for (const frame of $$("iframe[data-shows]")) {
  fetch(frame.dataset.shows)
    .then((answer) => (answer.ok ? answer.text() : ""))
    .then((page) => (frame.srcdoc = still(page)))
    .catch(() => {}); // the link beside it leads there
}

const builder = $("[data-builder]");
if (builder) {
  const frames = $$("[data-preview] iframe");
  let timer = 0;
  let order = null;
  const draw = async () => {
    order?.abort();
    order = new AbortController();
    const body = new URLSearchParams([...new FormData(builder)].filter(([, v]) => typeof v === "string"));
    for (const frame of frames) {
      try {
        const answer = await fetch(`${builder.dataset.builder}?lang=${frame.dataset.lang}`, { method: "POST", body, headers: { "X-CSRF-Token": csrf() }, signal: order.signal });
        if (!answer.ok) continue;
        const at = frame.contentWindow?.scrollY || 0;
        frame.addEventListener("load", () => frame.contentWindow?.scrollTo(0, at), { once: true });
        frame.srcdoc = still(await answer.text());
      } catch {
        return; // overtaken by the next letter, or no network
      }
    }
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(draw, 350);
  };
  builder.addEventListener("input", soon);
  builder.addEventListener("change", soon);
  document.addEventListener("htmx:after:swap", soon);
  draw();

  on("click", "[data-narrow]", (_, button) => {
    const narrow = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(narrow));
    $("[data-width]").dataset.width = narrow ? "phone" : "wide";
  });

  // Dragging: a row follows the pointer among the others; the order of the rows is the order of the questions.
  let dragged = null;
  on("pointerdown", "[data-grip]", (event, grip) => {
    dragged = grip.closest("[data-q]");
    dragged.dataset.drag = "";
    grip.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  on("click", "[data-grip]", (event) => event.preventDefault());
  document.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const over = document.elementsFromPoint(event.clientX, event.clientY).map((n) => n.closest("[data-q]")).find((n) => n && n !== dragged);
    if (!over) return;
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(dragged);
    else over.after(dragged);
  });
  const drop = () => {
    if (!dragged) return;
    delete dragged.dataset.drag;
    dragged = null;
    soon();
  };
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", drop);
}
