// <chips-field data-options="id of a datalist">: a line of words with commas becomes chips one can add and remove.
//
// The server's own field stays in the form and holds the words; without a script it is simply typed into.

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
      if (/[,;]$/.test(this.entry.value) || event.inputType === "insertReplacementText") this.take();
    });
    this.chips.addEventListener("click", (event) => this.press(event));
    this.draw();
  }

  get words() {
    return this.field.value.split(/[,;\n]/).map((word) => word.trim()).filter(Boolean);
  }

  set words(list) {
    this.field.value = [...new Map(list.map((word) => [word.toLocaleLowerCase(), word])).values()].join(", ");
    this.draw();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  key(event) {
    if (event.key === "Enter" && !event.isComposing && this.entry.value.trim()) {
      event.preventDefault(); // else it would press the form's first button
      this.take();
    } else if (event.key === "Backspace" && !this.entry.value && this.words.length) {
      event.preventDefault();
      this.entry.value = this.words.at(-1); // one may have meant to correct it
      this.words = this.words.slice(0, -1);
    }
  }

  take() {
    const typed = this.entry.value.split(/[,;]/).map((word) => word.trim()).filter(Boolean);
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
