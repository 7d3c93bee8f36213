// Forms as customers see them. Without this file everything works by loading pages.
document.documentElement.classList.add("js");

// In a frame on another site: the page says how tall it is.
const framed = window.parent !== window && document.body.classList.contains("out--frame");
const tell = (top) => framed && window.parent.postMessage({ baraji: "form", height: document.querySelector("main").getBoundingClientRect().height + 8, top }, "*");
if (framed) {
  new ResizeObserver(() => tell(false)).observe(document.querySelector("main"));
  tell(!!document.querySelector("[data-done], [data-errors], .banner--bad"));
}

// What takes the focus first: an error, or what was done.
document.querySelector("[autofocus]")?.focus();

// [data-sheet]: questions that depend on others come and go while one answers.
for (const sheet of document.querySelectorAll("[data-sheet]")) {
  const parts = [...sheet.querySelectorAll("[data-when]")];
  const given = (name) => {
    const all = new FormData(sheet).getAll(name).filter((v) => typeof v === "string").map((v) => v.trim()).filter(Boolean);
    return all;
  };
  const asked = new Map();
  const look = () => {
    asked.clear();
    for (const part of parts) {
      const other = part.dataset.when;
      const wanted = part.dataset.is ? part.dataset.is.split("\n") : [];
      const holder = sheet.querySelector(`[name="${CSS.escape(other)}"]`)?.closest("[data-when]");
      const counts = (!holder || asked.get(holder)) && given(other).some((v) => !wanted.length || wanted.includes(v));
      asked.set(part, counts);
      part.toggleAttribute("data-asked", counts);
    }
  };
  sheet.addEventListener("input", look);
  sheet.addEventListener("change", look);
  look();

  // One click, one message; the browser's way back makes the button work again.
  sheet.addEventListener("submit", (event) => {
    if (event.submitter?.form !== sheet) return;
    if (sheet.dataset.sent) return void event.preventDefault();
    sheet.dataset.sent = "1";
    setTimeout(() => event.submitter?.setAttribute("aria-busy", "true"), 0);
  });
  addEventListener("pageshow", () => {
    delete sheet.dataset.sent;
    sheet.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  });

  // A file that is too large is said at once, not after the upload.
  sheet.addEventListener("change", (event) => {
    const max = Number(event.target.dataset?.max);
    if (!max) return;
    const large = [...event.target.files].find((f) => f.size > max);
    event.target.setCustomValidity(large ? large.name : "");
    event.target.toggleAttribute("aria-invalid", !!large);
  });

  // What may answer it is looked for while somebody types, after a rest.
  const found = sheet.querySelector("[data-found]");
  let timer = 0;
  let order = null;
  const seek = async (text) => {
    order?.abort();
    order = new AbortController();
    if (text.length < 2) return void (found.innerHTML = "");
    const shown = found.querySelector("[data-target]")?.dataset.target || "";
    try {
      const answer = await fetch(`${found.dataset.found}&q=${encodeURIComponent(text)}&shown=${encodeURIComponent(shown)}`, { signal: order.signal });
      if (answer.status === 204) return; // what is there already still answers it
      if (answer.ok) found.innerHTML = (await answer.text()).trim();
    } catch {
      // overtaken, or no network
    }
  };
  if (found) {
    const fields = [...sheet.querySelectorAll("[data-ask]")];
    sheet.addEventListener("input", (event) => {
      if (!fields.includes(event.target)) return;
      clearTimeout(timer);
      timer = setTimeout(() => seek(event.target.value.trim().slice(0, 100)), 400);
    });
    fields[0]?.closest(".field, .sheet__when")?.after(found);
  }
}
