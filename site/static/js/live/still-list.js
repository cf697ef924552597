// A list that does not move under its reader: what is new stands at its end, what left keeps its place.

export class StillList {
  /**
   * @param {HTMLElement} place its lines may stand there already, each with data-said
   * @param {(row: any) => HTMLElement} make @param {(line: HTMLElement) => void} left says that it is over
   */
  constructor(place, make, left) {
    this.place = place;
    this.make = make;
    this.left = left;
    this.lines = new Map([...place.children].map((line) => [Number(line.dataset.said), line]));
    this.drawn = new Map();
  }

  draw(rows) {
    const here = new Map(rows.map((row) => [row.id, row]));
    for (const [id, line] of this.lines) {
      if (here.has(id) || !this.drawn.has(id)) continue;
      this.drawn.delete(id);
      this.left(line);
    }
    for (const [id, row] of here) {
      const said = JSON.stringify(row);
      if (this.drawn.get(id) === said) continue;
      this.drawn.set(id, said);
      const line = this.make(row);
      const old = this.lines.get(id);
      if (old) old.replaceWith(line);
      else this.place.append(line);
      this.lines.set(id, line);
    }
  }
}
