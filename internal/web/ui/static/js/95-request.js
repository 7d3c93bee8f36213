// Every request of htmx carries the token; one that never arrived says so and
// keeps what was typed.

document.addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx;
  if (request.method !== "GET") request.headers["X-CSRF-Token"] = csrf();
});

document.addEventListener("htmx:error", (event) => {
  const reason = event.detail.error;
  if (!toasts || reason?.name === "AbortError" || isRedraw(event.detail.ctx)) return; // nobody asked for a redraw: the bar says that we are offline
  toast({ text: say("unreached"), kind: "bad" });
});
