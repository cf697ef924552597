// What this device keeps for one participant: unsent commands in IndexedDB, drafts in localStorage. Gone at sign-out.

const NAME = "sild";

/** @returns {Promise<import("./outbox.js").Store>} in memory where the browser allows nothing to be kept */
export async function openStore() {
  try {
    return new Kept(await open());
  } catch {
    return new Memory();
  }
}

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      const outbox = request.result.createObjectStore("outbox", { keyPath: "key", autoIncrement: true });
      outbox.createIndex("who", "who");
    };
    request.onsuccess = () => {
      const db = request.result;
      db.onversionchange = () => db.close(); // signing out deletes it
      resolve(db);
    };
    request.onerror = () => reject(request.error);
  });
}

class Kept {
  constructor(db) {
    this.db = db;
  }

  run(mode, act) {
    return new Promise((resolve, reject) => {
      const transaction = this.db.transaction("outbox", mode, { durability: "strict" });
      const request = act(transaction.objectStore("outbox"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  all(who) {
    return this.run("readonly", (outbox) => outbox.index("who").getAll(who));
  }

  put(entry) {
    return this.run("readwrite", (outbox) => outbox.put(entry));
  }

  remove(key) {
    return this.run("readwrite", (outbox) => outbox.delete(key));
  }
}

/** The same without a disk: private windows of some browsers. */
export class Memory {
  constructor() {
    this.rows = new Map();
    this.last = 0;
  }

  async all(who) {
    return [...this.rows.values()].filter((entry) => entry.who === who);
  }

  async put(entry) {
    const key = entry.key ?? ++this.last;
    this.rows.set(key, structuredClone({ ...entry, key }));
    return key;
  }

  async remove(key) {
    this.rows.delete(key);
  }
}

/** A draft of one box; every access may be forbidden by the browser, and then nothing is kept. */
export class Draft {
  constructor(who, box) {
    this.key = `draft:${who}:${box}`;
  }

  get() {
    try {
      return localStorage.getItem(this.key) ?? "";
    } catch {
      return "";
    }
  }

  set(text) {
    try {
      if (text) localStorage.setItem(this.key, text);
      else localStorage.removeItem(this.key);
    } catch {
      // full or forbidden: the box itself still has the words
    }
  }
}
