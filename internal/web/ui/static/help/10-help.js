// The help centre: search while one types, and a vote without loading the page anew. Without this file both work by loading pages.

// [data-search]: what is typed is looked for after a short rest; an answer that was overtaken is dropped.
for (const form of document.querySelectorAll("[data-search]")) {
  const field = form.elements.q;
  const found = document.querySelector("[data-found]");
  let timer = 0;
  let asked = null;
  const look = async () => {
    asked?.abort();
    asked = new AbortController();
    const q = field.value.trim();
    if (!q) return void (found.innerHTML = "");
    try {
      const answer = await fetch(`${form.action}?part=1&q=${encodeURIComponent(q)}`, { signal: asked.signal });
      if (answer.ok) found.innerHTML = await answer.text();
    } catch {
      // overtaken, or no network: the button still leads to the results
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 150);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const links = [...found.querySelectorAll("a")];
    if (event.key === "Escape") found.innerHTML = "";
    if (event.key === "ArrowDown" && links.length) {
      event.preventDefault();
      links[0].focus();
    }
  });
  found?.addEventListener("keydown", (event) => {
    const links = [...found.querySelectorAll("a")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") found.innerHTML = "";
    if (!step && event.key !== "Escape") return;
    event.preventDefault();
    const next = links[links.indexOf(document.activeElement) + (step || 0)];
    (step && next ? next : field).focus();
  });
}

// [data-vote]
for (const form of document.querySelectorAll("[data-vote]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (!answer || answer.status >= 400) return;
    const thanks = document.createElement("p");
    thanks.textContent = form.dataset.vote;
    form.parentElement.replaceChildren(thanks);
  });
}
