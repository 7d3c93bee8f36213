// ---- the style
const css = `
:host { all: initial; color-scheme: light dark; --accent: __ACCENT__; --on: __ON__; --ink: light-dark(#16262a, #e9efee); --ink-2: light-dark(#4a5a5e, #b4c0c0);
  --sheet: light-dark(#fff, #172326); --well: light-dark(#edf2f1, #243236); --line: light-dark(#d9e1e0, #35454a); --bad: light-dark(#a4231c, #ff9d92);
  font: 400 15px/1.55 Pretendard, "Apple SD Gothic Neo", "Noto Sans KR", system-ui, sans-serif; }
*, *::before, *::after { box-sizing: border-box; margin: 0; font: inherit; letter-spacing: inherit; }
[hidden] { display: none !important; }
svg { inline-size: 20px; block-size: 20px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; display: block; }
button { cursor: pointer; border: 0; background: none; color: inherit; padding: 0; display: grid; place-items: center; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.launch { position: fixed; z-index: 2147483000; inset-block-end: max(20px, env(safe-area-inset-bottom)); inset-inline-end: 20px; inline-size: 56px; block-size: 56px; border-radius: 50%;
  background: var(--accent); color: var(--on); box-shadow: 0 6px 20px rgb(0 0 0 / .22); }
.launch.left { inset-inline: 20px auto; }
.launch svg { inline-size: 26px; block-size: 26px; }
.badge { position: absolute; inset-block-start: -4px; inset-inline-end: -4px; min-inline-size: 22px; block-size: 22px; padding-inline: 6px; border-radius: 11px; background: #b3261e; color: #fff; font: 600 13px/22px inherit; text-align: center; }
.panel { position: fixed; z-index: 2147483001; inset-block-end: 88px; inset-inline-end: 20px; inline-size: 380px; block-size: min(660px, calc(100dvh - 108px)); display: flex; flex-direction: column;
  background: var(--sheet); color: var(--ink); border-radius: 16px; overflow: hidden; box-shadow: 0 16px 48px rgb(0 0 0 / .26); border: 1px solid var(--line); }
.panel.left { inset-inline: 20px auto; }
.head { display: flex; align-items: center; gap: 8px; padding: 14px 12px 14px 18px; background: light-dark(#183135, #0e181b); color: #fff; }
.head b { display: block; font-weight: 650; }
.tiny { font-size: 13px; opacity: .85; }
.grow { flex: 1; min-inline-size: 0; }
.quiet { inline-size: 40px; block-size: 40px; border-radius: 10px; }
.quiet:hover { background: rgb(255 255 255 / .12); }
.head :focus-visible { outline-color: #fff; }
.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 18px; display: flex; flex-direction: column; gap: 12px; }
article { max-inline-size: 84%; display: grid; gap: 4px; }
.mine { align-self: flex-end; justify-items: end; }
.ours { align-self: flex-start; }
.who { font-size: 13px; color: var(--ink-2); }
.who b { font-weight: 600; color: var(--ink); }
.body { padding: 10px 14px; border-radius: 14px; background: var(--well); overflow-wrap: anywhere; word-break: keep-all; inline-size: fit-content; }
.body a { color: inherit; text-decoration: underline; text-underline-offset: 2px; }
.mine .body { background: var(--accent); color: var(--on); border-end-end-radius: 4px; }
.ours .body { border-start-start-radius: 4px; }
.state { font-size: 12.5px; color: var(--ink-2); }
form { padding: 10px 14px 14px; display: grid; grid-template-columns: minmax(0, 1fr); gap: 10px; }
.card { display: grid; gap: 8px; }
label { display: grid; gap: 4px; font-size: 13px; color: var(--ink-2); }
input, textarea { inline-size: 100%; border: 1px solid light-dark(#76888a, #7d9093); border-radius: 10px; background: var(--sheet); color: var(--ink); padding: 9px 12px; font-size: 16px; }
input[aria-invalid] { border-color: var(--bad); }
.trouble { color: var(--bad); font-size: 13.5px; line-height: 1.4; }
.in { display: flex; align-items: flex-end; gap: 8px; border: 1px solid light-dark(#76888a, #7d9093); border-radius: 14px; padding: 5px; }
.in:focus-within { outline: 2px solid var(--accent); outline-offset: 1px; }
textarea, textarea:focus-visible { outline: none; }
textarea { border: 0; resize: none; padding: 7px 8px; line-height: 1.5; max-block-size: 140px; background: none; }
textarea::placeholder { color: var(--ink-2); opacity: 1; }
.send { flex: none; inline-size: 38px; block-size: 38px; border-radius: 10px; background: var(--accent); color: var(--on); }
.clip, .small { flex: none; inline-size: 38px; block-size: 38px; border-radius: 10px; color: var(--ink-2); }
.clip:hover, .small:hover { background: var(--well); color: var(--ink); }
.small { inline-size: 30px; block-size: 30px; }
.small svg { inline-size: 16px; block-size: 16px; }
.sr { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); padding: 0; border: 0; }
.cut { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.tray { list-style: none; padding: 0; display: grid; gap: 6px; max-block-size: 140px; overflow-y: auto; }
.tray li, .file { display: flex; align-items: center; gap: 8px; padding: 6px 8px 6px 10px; border: 1px solid var(--line); border-radius: 10px; font-size: 14px; line-height: 1.35; color: var(--ink); text-decoration: none; }
.tray li.busy { opacity: .6; }
.tray li.bad .state { color: var(--bad); }
.tray svg, .file svg { flex: none; }
.files { display: grid; gap: 6px; max-inline-size: 100%; }
.mine .files { justify-items: end; }
.file { inline-size: fit-content; max-inline-size: 100%; min-inline-size: 0; background: var(--sheet); padding-inline-end: 14px; }
a.file:hover { background: var(--well); }
.pic img { display: block; max-inline-size: 220px; max-block-size: 220px; min-block-size: 40px; border-radius: 12px; border: 1px solid var(--line); background: var(--well); }
.picks { display: flex; flex-wrap: wrap; gap: 8px; }
.picks > * { display: block; min-block-size: 40px; max-inline-size: 100%; padding: 8px 14px; border: 1px solid light-dark(color-mix(in srgb, var(--accent) 55%, var(--line)), var(--line)); border-radius: 20px; background: var(--sheet); color: var(--ink); font-size: 14.5px; line-height: 1.5; font-weight: 500; text-align: start; text-decoration: none; overflow-wrap: anywhere; word-break: keep-all; }
.picks > :hover { background: var(--well); }
.picks a::after { content: " ↗" / ""; color: var(--ink-2); }
.types { align-self: flex-start; display: flex; gap: 4px; padding: 14px 16px; border-radius: 4px 14px 14px; background: var(--well); }
.types i { inline-size: 6px; block-size: 6px; border-radius: 50%; background: var(--ink-2); animation: bob 1.2s ease-in-out infinite; }
.types i:nth-child(2) { animation-delay: .15s; }
.types i:nth-child(3) { animation-delay: .3s; }
@keyframes bob { 0%, 60%, 100% { opacity: .4; } 30% { opacity: 1; transform: translateY(-2px); } }
@media (prefers-reduced-motion: reduce) { .types i { animation: none; } }
.panel.drop::after { content: attr(data-drop); position: absolute; inset: 8px; display: grid; place-items: center; border: 2px dashed var(--accent); border-radius: 12px; background: color-mix(in srgb, var(--sheet) 92%, transparent); font-weight: 600; }
@media (max-width: 480px) {
  .panel, .panel.left { inset: 0; inline-size: auto; block-size: 100dvh; border-radius: 0; border: 0; padding-block-end: env(safe-area-inset-bottom); }
}
@media print { :host { display: none; } }`;

staged ? show() : begin();
