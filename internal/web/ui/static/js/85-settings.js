// Sign-in and settings: what their forms do beyond sending.

// [data-reveal] shows the password beside it while it is pressed in.
for (const button of $$("[data-reveal]")) button.hidden = false;
on("click", "[data-reveal]", (_, button) => {
  const field = document.getElementById(button.getAttribute("aria-controls"));
  if (!field) return;
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
  field.focus();
});

// A password that is shown is hidden before it is sent, or the browser keeps it
// among the words that it offers.
on("submit", "form", (_, form) => {
  for (const field of $$('.password > input[type="text"]', form)) field.type = "password";
});

// [data-own-zone] is the browser's zone while nobody has chosen one.
for (const choice of $$("select[data-own-zone]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || (zone === "UTC" && choice.value)) continue;
  if (![...choice.options].some((o) => o.value === zone)) choice.add(new Option(zone, zone));
  choice.value = zone;
}

// [data-presets]: a provider fills in its servers, unless somebody changed them.
on("change", "select[data-presets]", (_, choice) => {
  const preset = JSON.parse(choice.dataset.presets)[choice.value];
  const form = choice.form;
  if (!preset || !form) return;
  for (const end of ["imap", "smtp"]) {
    for (const part of ["host", "port", "security"]) {
      const field = form.elements[`${end}.${part}`];
      if (field) field.value = preset[end][part];
    }
  }
});

// Light, dark and the height of lines are seen at once; light and dark are also
// kept at once.
on("change", '[data-theme-choice] input[name="theme"]', (_, choice) => {
  if (choice.value) root.dataset.theme = choice.value;
  else delete root.dataset.theme;
  $('meta[name="color-scheme"]').content = choice.value || "light dark";
  fetch("/profile/theme", { method: "POST", headers: { "X-CSRF-Token": csrf() }, body: new URLSearchParams({ theme: choice.value }) });
});
on("change", '[data-density-choice] input[name="density"]', (_, choice) => {
  if (choice.value === "comfortable") root.dataset.density = "roomy";
  else delete root.dataset.density;
});
