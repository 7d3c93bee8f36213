// The week of a rota: <plan-week action week words> around a grid of bars. A bar is taken hold of with a pointer and put at
// another time, on another day, or on a person beside it; its ends make it longer. By keyboard: arrows move a bar (up and
// down by a day), with Shift they move its end, Enter saves, Escape leaves it. Enter or a tap alone opens its sheet, where
// all of that can be done without dragging: that is the way on a phone.

const quarters = 96;

class PlanWeek extends HTMLElement {
  #hold = null; // what is being moved: its bar, how far, the ghosts that show where to

  connectedCallback() {
    this.addEventListener("click", (event) => this.#open(event));
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("focusout", () => this.#hold?.keys && this.#drop());
    this.addEventListener("pointerdown", (event) => this.#take(event));
    for (const person of $$("[data-person]")) person.addEventListener("pointerdown", (event) => this.#takePerson(event, person));
  }

  get #rows() { return $$(".cover__row", this); }
  #bar(node) { return node instanceof Element && node.closest(".shift[data-key-of]"); }

  #open(event) {
    const bar = event.target.closest?.(".shift[data-key-of], .shift[data-fill]");
    if (bar && !this.moved) bar.dispatchEvent(new CustomEvent("open"));
    this.moved = false;
  }

  // ---- with a pointer

  #take(event) {
    const bar = this.#bar(event.target);
    if (!bar || event.button !== 0 || event.pointerType === "touch") return;
    const box = bar.getBoundingClientRect();
    const edge = Math.min(10, box.width / 4);
    const part = event.clientX > box.right - edge ? "end" : event.clientX < box.left + edge ? "start" : "move";
    const row = bar.closest(".cover__row");
    const quarter = row.getBoundingClientRect().width / quarters;
    const from = { x: event.clientX, y: event.clientY, row: this.#rows.indexOf(row) };
    this.#follow(event, bar, (now) => {
      const by = Math.round((now.clientX - from.x) / quarter);
      const there = this.#rows.findIndex((r) => now.clientY < r.getBoundingClientRect().bottom);
      const days = part === "move" && there >= 0 ? there - from.row : 0;
      const person = document.elementFromPoint(now.clientX, now.clientY)?.closest("[data-person]");
      this.#begin(bar);
      this.#mark(person);
      if (person) return this.#show({ person: person.dataset.person, name: person.dataset.name });
      this.#show({ [part]: by + days * quarters });
    });
  }

  #takePerson(event, person) {
    if (event.button !== 0 || event.pointerType === "touch") return;
    let over = null;
    this.#follow(event, person, (now) => {
      over = document.elementFromPoint(now.clientX, now.clientY);
      person.classList.add("plan__person--held");
      this.#mark(this.#bar(over) || over?.closest?.(".cover__row"));
    }, (now) => {
      person.classList.remove("plan__person--held");
      this.#mark(null);
      const bar = this.#bar(over);
      const row = over?.closest?.("plan-week .cover__row");
      if (bar) return this.#send(bar, { move: 0, person: person.dataset.person });
      if (!row) return;
      const box = row.getBoundingClientRect();
      const at = Math.floor(((now.clientX - box.left) / box.width) * quarters / 2) * 2;
      this.#sheet({ day: row.dataset.day, at, person: person.dataset.person });
    });
  }

  /** Calls move while a pointer is down and has gone some way, and then done. */
  #follow(start, node, move, done = () => this.#save()) {
    let going = false;
    const moving = (event) => {
      if (!going && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < 5) return;
      going = true;
      event.preventDefault();
      move(event);
    };
    const end = (event) => {
      removeEventListener("pointermove", moving);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      removeEventListener("keydown", escape, true);
      if (!going) return;
      this.moved = true;
      setTimeout(() => { this.moved = false; });
      if (event.type === "pointerup") done(event);
      else this.#drop();
    };
    const escape = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      end(new Event("pointercancel"));
    };
    start.preventDefault();
    node.focus?.({ preventScroll: true });
    addEventListener("pointermove", moving);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
    addEventListener("keydown", escape, true);
  }

  #mark(node) {
    for (const n of $$(".plan__over")) n.classList.remove("plan__over");
    node?.classList.add("plan__over");
  }

  // ---- by keyboard

  #key(event) {
    const bar = this.#bar(event.target);
    if (!bar || composing(event) || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -quarters, ArrowDown: quarters }[event.key];
    if (step && (Math.abs(step) === 1 || !event.shiftKey)) {
      event.preventDefault();
      this.#begin(bar);
      this.#hold.keys = true;
      const part = event.shiftKey ? "end" : "move";
      this.#show({ ...this.#hold.by, [part]: (this.#hold.by[part] || 0) + step });
    } else if (event.key === "Escape" && this.#hold) {
      event.preventDefault();
      event.stopPropagation();
      this.#drop();
      this.#tell(2);
    } else if (event.key === "Enter" && this.#hold) {
      event.preventDefault();
      this.#save();
    }
  }

  // ---- what is being moved

  #begin(bar) {
    if (this.#hold?.bar === bar) return;
    this.#drop();
    this.#hold = { bar, by: {}, ghosts: [] };
    bar.classList.add("shift--held");
  }

  /** Shows where the bar would be: parts of a bar on the days that it reaches. */
  #show(by) {
    const { bar, ghosts } = this.#hold;
    for (const g of ghosts.splice(0)) g.remove();
    this.#hold.by = by;
    if (by.person) return this.#tell(1, by.name);
    const rows = this.#rows;
    const row = rows.indexOf(bar.closest(".cover__row"));
    let from = row * quarters + Number(bar.dataset.at) + (by.move || 0) + (by.start || 0);
    let until = row * quarters + Number(bar.dataset.at) + Number(bar.dataset.len) + (by.move || 0) + (by.end || 0);
    if (until <= from) [from, until] = by.start ? [until - 1, until] : [from, from + 1];
    for (let day = Math.max(0, Math.floor(from / quarters)); day < rows.length && day * quarters < until; day++) {
      const at = Math.max(from - day * quarters, 0);
      const len = Math.min(until - day * quarters, quarters) - at;
      if (len < 1) continue;
      const ghost = document.createElement("span");
      ghost.className = bar.className.replace("shift--held", "shift--ghost");
      ghost.dataset.at = at;
      ghost.dataset.len = len;
      ghost.textContent = bar.dataset.who;
      rows[day].append(ghost);
      ghosts.push(ghost);
    }
    const time = (q) => `${String(Math.floor((((q % quarters) + quarters) % quarters) / 4)).padStart(2, "0")}:${String((((q % 4) + 4) % 4) * 15).padStart(2, "0")}`;
    const day = rows[Math.min(Math.max(Math.floor(from / quarters), 0), rows.length - 1)].previousElementSibling.textContent.trim().replace(/\s+/g, " ");
    this.#tell(0, `${day} ${time(from)}–${time(until)}`);
  }

  #tell(word, value = "") {
    const text = (this.getAttribute("words") || "").split("|")[word] || "";
    $("[data-plan-say]", this).textContent = text.replace("{}", value);
    $(".plan__hint", this)?.classList.toggle("plan__hint--live", word < 2);
    if (word < 2) $(".plan__hint", this).textContent = text.replace("{}", value);
  }

  #drop() {
    this.#mark(null);
    if (!this.#hold) return;
    for (const g of this.#hold.ghosts) g.remove();
    this.#hold.bar.classList.remove("shift--held");
    this.#hold = null;
  }

  #save() {
    const { bar, by } = this.#hold || {};
    if (!bar || !(by.person || by.move || by.start || by.end)) return this.#drop();
    this.#send(bar, { move: by.move || 0, start: by.start || 0, end: by.end || 0, person: by.person || "" });
  }

  async #send(bar, values) {
    this.setAttribute("aria-busy", "true");
    try {
      await htmx.ajax("POST", this.getAttribute("action"), {
        source: this, swap: "none",
        values: { key: bar.dataset.keyOf, from: bar.dataset.from, week: this.getAttribute("week"), ...values },
      });
    } finally {
      this.removeAttribute("aria-busy");
      this.#drop();
    }
  }

  #sheet(values) {
    const query = new URLSearchParams({ week: this.getAttribute("week"), ...values });
    htmx.ajax("GET", `${this.getAttribute("action")}?${query}`, { source: this, target: "#dialog" });
  }
}

customElements.define("plan-week", PlanWeek);

// A phone shows some hours of a day: it begins with those of this moment, or of the morning.
for (const box of $$(".scroll-x:has(> .cover)")) {
  const room = box.scrollWidth - box.clientWidth;
  if (room < 60) continue; // it is all there
  const now = $(".cover .now", box);
  const share = now ? Number(now.dataset.at) / quarters : 8.5 / 24;
  box.scrollLeft = Math.max(0, share * box.scrollWidth - box.clientWidth / 3);
}

// The end of a shift follows its beginning, as long as it was.
on("change", "[data-turn] [name=start_day]", (_, field) => {
  const end = field.form.elements.end_day;
  const was = field.dataset.was || field.defaultValue;
  const days = (Date.parse(field.value) - Date.parse(was)) / 864e5;
  if (!Number.isFinite(days)) return;
  end.value = new Date(Date.parse(end.value) + days * 864e5).toISOString().slice(0, 10);
  field.dataset.was = field.value;
});
