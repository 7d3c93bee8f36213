// The page of button paths: the chat beside it says what the steps on the page say at this moment, and shows where one is in them.
const tryFlow = $("[data-try-flow]");
if (tryFlow) {
  const log = $("#ftry-log");
  const begin = () => {
    log.replaceChildren();
    tryFlow.elements.words.value = "";
    tryFlow.requestSubmit();
  };
  document.addEventListener("htmx:after:swap", () => {
    const here = $$("[data-at]", log).at(-1)?.dataset.at;
    for (const step of $$("[data-step]")) step.classList.toggle("q--here", !!here && step.dataset.step === here);
    tryFlow.elements.words.value = "";
    log.scrollTop = log.scrollHeight;
  });
  on("click", "[data-try-again]", begin);
  tryFlow.elements.lang.addEventListener("change", begin);
  on("click", "[data-to-step]", (_, link) => {
    const step = $(`[data-step="${CSS.escape(link.dataset.toStep)}"] details`);
    if (step) step.open = true;
  });
}
