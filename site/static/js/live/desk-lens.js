// The published column in fair order, or only what is to one speaker. The order is the server's; the rows are here.

const REST = 4_000; // ms between two readings of the order

export class DeskLens {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.form = document.getElementById("desk-lens");
    this.place = new Map(); // question → its place in the fair order
    this.form.addEventListener("change", () => this.choose());
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.querySelector("[data-is=plain]").hidden = true;
    if (this.isFair) this.read();
  }

  get isFair() {
    return this.form.elements.sort.value === "fair";
  }

  get to() {
    return this.form.elements.to?.value ?? "";
  }

  choose() {
    const address = new URL(location.href);
    for (const [name, value] of [["sort", this.isFair ? "fair" : ""], ["to", this.to]]) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    history.replaceState(null, "", address);
    document.getElementById("desk-rule").hidden = !this.isFair;
    document.getElementById("desk-to-hidden").hidden = !this.to;
    this.desk.columns.draw(this.desk.state);
    if (this.isFair) this.read();
  }

  draw(state, before) {
    if (!this.isFair || (before && state.cursor === before.cursor) || this.timer) return;
    this.timer = setTimeout(() => this.read(), REST);
  }

  async read() {
    clearTimeout(this.timer);
    this.timer = 0;
    try {
      const answer = await fetch(`${this.desk.config.urls.questions}?sort=fair`, { headers: { accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok) return;
      const { order } = await answer.json();
      this.place = new Map(order.map((id, n) => [id, n]));
      this.desk.columns.draw(this.desk.state);
    } catch {
      // the line is gone: the last known order stays
    }
  }

  /** @param {number[]} lined those that are next, in their order @param {number[]} waiting @param {Record<number, any>} rows */
  published(lined, waiting, rows) {
    const place = (id) => this.place.get(id) ?? this.place.size;
    const ordered = this.isFair ? [...waiting].sort((one, two) => place(one) - place(two)) : waiting;
    const { to } = this;
    return [...lined, ...ordered].filter((id) => !to || [String(rows[id]?.to?.id), rows[id]?.to?.country, rows[id]?.to_country].includes(to));
  }
}
