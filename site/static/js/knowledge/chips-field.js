// <chips-field data-options="id of a datalist">: a line of words with commas becomes chips one can add and remove.
//
// The server's own field stays in the form and holds the words; without a script it is simply typed into.
// A word that has a comma of its own stands in quotes there (knowledge/forms.py reads and writes the same).

const WORD = /\s*(?:"([^"\n]*)"\s*(?=[,;\n]|$)|([^,;\n]+))/g;

function split(line) {
  return [...line.matchAll(WORD)].map(([, quoted, bare]) => (quoted ?? bare).trim()).filter(Boolean);
}

function quote(word) {
  return /[,;]/.test(word) ? `"${word}"` : word;
}

function fold(word) {
  return word.toLocaleLowerCase();
}

class ChipsField extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input:not([type=hidden])");
    this.shape = document.querySelector("template#chip-of-a-list");
    if (!this.field || !this.shape || this.entry) return;
    this.entry = this.field.cloneNode();
    this.entry.removeAttribute("name");
    this.entry.removeAttribute("required");
    this.entry.value = "";
    this.entry.setAttribute("list", this.dataset.options);
    this.entry.autocomplete = "off";
    this.field.removeAttribute("id"); // the label now means what one types into
    this.field.type = "hidden";
    this.chips = document.createElement("p");
    this.chips.className = "row tight";
    this.field.after(this.chips, this.entry);
    this.entry.addEventListener("keydown", (event) => this.key(event));
    this.entry.addEventListener("change", () => this.take());
    this.entry.addEventListener("input", (event) => {
      const ended = /[,;]$/.test(this.entry.value) && !this.options.some((name) => name.startsWith(fold(this.entry.value)));
      if (ended || event.inputType === "insertReplacementText") this.take();
    });
    this.chips.addEventListener("click", (event) => this.press(event));
    this.draw();
  }

  get words() {
    return split(this.field.value);
  }

  /** The names one can choose from; one of them may begin with what is typed so far, comma and all. */
  get options() {
    return [...(this.entry.list?.options ?? [])].map((option) => fold(option.value));
  }

  set words(list) {
    this.field.value = [...new Map(list.map((word) => [fold(word), word])).values()].map(quote).join(", ");
    this.draw();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  key(event) {
    if (event.key === "Enter" && !event.isComposing && this.entry.value.trim()) {
      event.preventDefault(); // else it would press the form's first button
      this.take();
    } else if (event.key === "Backspace" && !this.entry.value && this.words.length) {
      event.preventDefault();
      this.entry.value = quote(this.words.at(-1)); // one may have meant to correct it
      this.words = this.words.slice(0, -1);
    }
  }

  take() {
    const whole = this.entry.value.trim();
    const typed = this.options.includes(fold(whole)) ? [whole] : split(whole);
    this.entry.value = "";
    if (typed.length) this.words = [...this.words, ...typed];
  }

  press(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const at = [...this.chips.children].indexOf(button.closest(".chip"));
    this.words = this.words.filter((_, index) => index !== at);
    this.entry.focus();
  }

  draw() {
    const chips = this.words.map((word) => {
      const chip = this.shape.content.cloneNode(true);
      chip.querySelector("span > span").textContent = word;
      chip.querySelector("button .vh")?.append(` ${word}`);
      return chip;
    });
    this.chips.replaceChildren(...chips);
    this.chips.hidden = chips.length === 0;
  }
}

customElements.define("chips-field", ChipsField);
