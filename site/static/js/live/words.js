// The page's own words: they stand in a <template>, one line each, every form of a number its own.

export class Words {
  /** @param {HTMLTemplateElement} template @param {string} language */
  constructor(template, language) {
    this.language = language;
    this.numbers = new Intl.NumberFormat(language);
    this.plurals = new Intl.PluralRules(language);
    this.lines = new Map();
    for (const line of template.content.querySelectorAll("[data-word]")) {
      const forms = [...line.querySelectorAll("[data-form]")];
      const text = (element) => element.textContent.trim().replace(/\s+/g, " ");
      this.lines.set(line.dataset.word, forms.length ? new Map(forms.map((form) => [form.dataset.form, text(form)])) : text(line));
    }
  }

  has(name) {
    return this.lines.has(name);
  }

  /** @param {string} name @param {Record<string, string | number>} facts {n} chooses the form */
  say(name, facts = {}) {
    const line = this.lines.get(name) ?? "";
    const form = typeof line === "string" ? line : (line.get(this.plurals.select(facts.n)) ?? [...line.values()].at(-1));
    return form.replace(/\{(\w+)\}/g, (whole, fact) => {
      const value = facts[fact];
      return value === undefined ? whole : typeof value === "number" ? this.numbers.format(value) : value;
    });
  }

  /** Did the speaker confirm what was written down of an answer? */
  sure({ confirmed, changed }) {
    return confirmed ? this.say("confirmed") : changed ? this.say("changed") : "";
  }

  /** The sentence of a refusal. @param {{error?: string}} reply */
  refusal(reply) {
    return this.say(this.has(`refused_${reply.error}`) ? `refused_${reply.error}` : "refused_", reply);
  }
}
