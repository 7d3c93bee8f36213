// What the desk tells when no page of it is open: each push is shown, and leads to its page. A page of on call can be answered
// from the notice itself. Nothing is kept and nothing is fetched but the answer.

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const said = event.data?.json() ?? {};
  event.waitUntil(self.registration.showNotification(said.title || "Baraji", {
    body: said.body || "",
    tag: said.tag,
    renotify: Boolean(said.tag),
    requireInteraction: Boolean(said.urgent),
    data: { link: said.link, answer: said.answer },
    actions: said.answer ? [{ action: "answer", title: said.ask }] : [],
  }));
});

self.addEventListener("notificationclick", (event) => {
  const { link, answer } = event.notification.data || {};
  event.notification.close();
  event.waitUntil(event.action === "answer" && answer ? answered(answer, link) : open(link));
});

/** Answers as a press of the button would; what went wrong is seen on the page. */
async function answered(path, link) {
  try {
    const done = await fetch(new URL(path, self.location.origin).pathname, { method: "POST", credentials: "omit" });
    if (!done.ok) await open(link);
  } catch {
    await open(link);
  }
}

async function open(link) {
  const path = new URL(link || "/", self.location.origin).pathname;
  for (const page of await self.clients.matchAll({ type: "window", includeUncontrolled: true })) {
    if (new URL(page.url).pathname === path) return page.focus();
  }
  return self.clients.openWindow(path);
}
