// What was typed and not yet saved, kept on this device: it survives a lost connection, a lost session and a closed tab.

/**
 * @param {string} key     whose text of which edition
 * @param {Storage} store  localStorage, or a stand-in in tests
 */
export class LocalCopy {
  constructor(key, store) {
    this.key = key;
    this.store = store;
  }

  /** @returns {{fields: Record<string, string>, stored: string, submitted: boolean} | null} what is kept, or null */
  read() {
    try {
      const kept = JSON.parse(this.store.getItem(this.key) ?? "null");
      return kept && typeof kept.fields === "object" ? kept : null;
    } catch {
      return null; // storage is forbidden here, or somebody wrote something else under the key
    }
  }

  /**
   * @param {Record<string, string>} fields as they were typed
   * @param {{stored: string, submitted?: boolean}} state what the server had stored by then, and whether the form went off
   * @returns {boolean} whether it could be kept
   */
  keep(fields, { stored, submitted = false }) {
    try {
      this.store.setItem(this.key, JSON.stringify({ fields, stored, submitted }));
      return true;
    } catch {
      return false; // private window or full disk: the page then warns before it is left
    }
  }

  drop() {
    try {
      this.store.removeItem(this.key);
    } catch {
      // nothing was kept either
    }
  }

  /**
   * Whether there are words here that the server never got: they differ from what the page shows, and if the form
   * went off with them, the server still stores what it stored before.
   */
  lost(fields, stored) {
    const kept = this.read();
    if (!kept || (kept.submitted && kept.stored !== stored)) return false;
    return Object.keys(fields).some((name) => (kept.fields[name] ?? fields[name]) !== fields[name]);
  }
}
