// ---- the line to the desk
let proof = script.dataset.proof || "";

// The browser is known by a token that it makes itself, so that it has it also when the first answer of the desk is lost.
// It is fresh until the desk has taken in a message under it.
const known = () => { const s = load(); return !!(proof || s.token && !s.fresh); };
const token = () => {
  if (!load().token) change(s => { s.token = random(32); s.fresh = true; });
  return load().token;
};

const ask = (what, options = {}) => {
  if (staged) return new Promise(() => {});
  const headers = {}, mine = load().token;
  if (proof) headers["Visitor-Proof"] = proof;
  else if (mine) headers.Authorization = "Visitor " + mine;
  if (typeof options.body === "string") headers["Content-Type"] = "application/json";
  const sep = what.includes("?") ? "&" : "?";
  return fetch(base + "/widget/" + key + what + sep + "lang=" + lang, { ...options, headers, credentials: "omit", cache: "no-store" });
};
const post = (what, body) => ask(what, { method: "POST", body: JSON.stringify(body) });
