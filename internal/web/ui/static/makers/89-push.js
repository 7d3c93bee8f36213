// A browser learns to take pushes (/settings/notices).

// [data-push="<our key>"] is where one allows it: its buttons are shown as far as this browser can.
const pushHere = $("[data-push]");

const supported = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

async function subscription() {
  const worker = await navigator.serviceWorker.getRegistration("/");
  return (await worker?.pushManager.getSubscription()) || null;
}

async function showPush() {
  const state = !supported() ? "cannot" : Notification.permission === "denied" ? "denied" : (await subscription()) ? "on" : "off";
  for (const part of $$("[data-push-state]", pushHere)) part.hidden = part.dataset.pushState !== state;
}

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

async function allowPush() {
  if ((await Notification.requestPermission()) !== "granted") return showPush();
  const worker = await navigator.serviceWorker.register("/notices.js");
  await navigator.serviceWorker.ready;
  const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(pushHere.dataset.push) });
  const form = $("#push-form");
  form.elements.subscription.value = JSON.stringify(made);
  form.requestSubmit();
}

if (pushHere) {
  showPush();
  on("click", "[data-push-allow]", async (_, button) => {
    button.disabled = true;
    try {
      await allowPush();
    } catch {
      toast({ text: pushHere.dataset.pushFailed, kind: "bad" });
    }
    button.disabled = false;
  });
}
