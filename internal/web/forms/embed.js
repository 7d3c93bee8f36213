// Puts a form of Baraji into a page:  <script src="https://desk.example/f/embed.js" data-form="repair" data-lang="ko" async></script>
// The frame stands where the script stands and grows with the form.
(() => {
  const me = document.currentScript;
  const desk = new URL(me.src).origin;
  const form = me.dataset.form;
  if (!form) return;
  const lang = me.dataset.lang || document.documentElement.lang.slice(0, 2);
  const frame = document.createElement("iframe");
  frame.src = `${desk}/f/${encodeURIComponent(form)}/embed${lang ? `?lang=${encodeURIComponent(lang)}` : ""}`;
  frame.title = me.dataset.title || form;
  frame.style.cssText = "display:block;inline-size:100%;border:0;block-size:40rem;color-scheme:normal";
  me.after(frame);
  addEventListener("message", (event) => {
    if (event.origin !== desk || event.source !== frame.contentWindow || event.data?.baraji !== "form") return;
    const height = Number(event.data.height);
    if (height > 0 && height < 20000) frame.style.blockSize = `${Math.ceil(height)}px`;
    if (event.data.top) frame.scrollIntoView({ block: "start" });
  });
})();
