// Words as large as their place holds: the steps of data-size are tried from the largest (1) until nothing sticks out.

const STEPS = 12;

export class Fit {
  /** @param {HTMLElement} place as large as the page lets it be, whatever stands in it */
  constructor(place) {
    this.place = place;
    this.seen = "";
    new ResizeObserver(() => this.draw()).observe(place);
    document.fonts?.ready.then(() => this.again());
  }

  /** The words changed. */
  again() {
    this.seen = "";
    this.draw();
  }

  draw() {
    const { place } = this;
    const size = `${place.clientWidth}×${place.clientHeight}`;
    if (!place.clientHeight || size === this.seen) return; // not shown, or nothing changed
    this.seen = size;
    for (let step = 1; step <= STEPS; step += 1) {
      place.dataset.size = step;
      const words = [place, ...place.querySelectorAll("p")]; // a long word sticks out of its own column first
      if (place.scrollHeight <= place.clientHeight && words.every((one) => one.scrollWidth <= one.clientWidth)) return;
    }
  }
}
