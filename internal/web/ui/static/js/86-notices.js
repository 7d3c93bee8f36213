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
