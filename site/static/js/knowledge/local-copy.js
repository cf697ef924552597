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

  /** @returns {Record<string, string> | null} the fields as they were typed, or null */
  read() {
    try {
      const kept = JSON.parse(this.store.getItem(this.key) ?? "null");
      return kept && typeof kept === "object" ? kept : null;
    } catch {
      return null; // storage is forbidden here, or somebody wrote something else under the key
    }
  }

  /** @returns {boolean} whether it could be kept */
  keep(fields) {
    try {
      this.store.setItem(this.key, JSON.stringify(fields));
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

  /** Whether something is kept that differs from what the page shows. */
  differs(fields) {
    const kept = this.read();
    return Boolean(kept) && Object.keys(fields).some((name) => (kept[name] ?? fields[name]) !== fields[name]);
  }
}
