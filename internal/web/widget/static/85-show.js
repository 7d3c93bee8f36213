// ---- shown on the page of its settings, which says how it looks, as often as that changes
const show = () => {
  form.inert = true;
  window.Baraji.wear = l => {
    const first = !look;
    look = l;
    words = l.words;
    host.style.colorScheme = document.documentElement.style.colorScheme = l.scheme;
    wear();
    drawn = new Map();
    draw();
    if (first) { document.body.append(host); open(); }
  };
};
