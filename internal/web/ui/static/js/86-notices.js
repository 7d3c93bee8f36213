// Notices: a browser learns to take pushes, and a page sounds while somebody is called.

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

// While #calls has data-sound two tones come every four seconds. A browser may refuse until somebody touched the page.
let tones;
function ring() {
  const calls = $("#calls");
  if (!calls?.hasAttribute("data-sound") || document.hidden) return;
  tones ||= new AudioContext();
  if (tones.state === "suspended") tones.resume();
  [740, 880].forEach((pitch, i) => {
    const tone = tones.createOscillator(), loud = tones.createGain(), at = tones.currentTime + i * 0.22;
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0, at);
    loud.gain.linearRampToValueAtTime(0.2, at + 0.02);
    loud.gain.linearRampToValueAtTime(0, at + 0.2);
    tone.connect(loud).connect(tones.destination);
    tone.start(at);
    tone.stop(at + 0.22);
  });
}
setInterval(ring, 4000);
