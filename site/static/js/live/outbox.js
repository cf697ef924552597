// What was typed or pressed and is not yet on the server's disk: kept on this device, sent in order, sent once.

import { Lost } from "./line.js";

/**
 * @typedef {{key?: number, who: string, at: number, command: Record<string, any>, error?: string, facts?: any}} Entry
 * @typedef {{all: (who: string) => Promise<Entry[]>, put: (entry: Entry) => Promise<number>, remove: (key: number) => Promise<void>}} Store
 */

const KEPT = 50; // more is not somebody's typing
const BACK_IN_ITS_BOX = new Set(["report", "raise", "ballot"]); // whose words, when refused, their own form takes back
const ABSOLUTE = new Set(["vote", "withdraw", "rewrite", "raise", "lower", "stand", "opinion_withdraw", "opinion_rewrite", "ballot"]);

export class Outbox {
  /**
   * @param {Store} store
   * @param {string} who whose things these are: participant of a webinar
   * @param {{send: (command: any) => Promise<any>, isOpen: () => boolean, changed: (entries: Entry[]) => void,
   *   done: (entry: Entry, reply: any) => void, wait?: (ms: number) => Promise<void>}} page
   */
  constructor(store, who, page) {
    this.store = store;
    this.who = who;
    this.page = page;
    this.entries = [];
    this.running = null;
    this.wait = page.wait ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  }

  async load() {
    const known = new Set(this.entries.map((entry) => entry.key));
    const kept = (await this.store.all(this.who)).filter((entry) => !known.has(entry.key));
    this.entries = [...kept, ...this.entries].sort((a, b) => a.key - b.key);
    this.page.changed(this.entries);
    return this.flush();
  }

  /**
   * Keep a command; when this returns it survives a closed tab. @param {Record<string, any>} command
   * @throws {Error} "too_fast" when too much waits already, or, where nothing can be kept, why it was not done
   */
  async add(command) {
    if (this.entries.length >= KEPT) throw new Error("too_fast");
    const entry = { who: this.who, at: Date.now(), command };
    try {
      entry.key = await this.store.put(entry);
    } catch {
      return this.unkept(entry);
    }
    const outdated = this.entries.filter((other) => replaces(command, other.command) && other !== this.sending);
    this.entries = [...this.entries.filter((other) => !outdated.includes(other)), entry];
    for (const other of outdated) await this.store.remove(other.key);
    this.page.changed(this.entries);
    this.flush();
    return entry;
  }

  /** This device keeps nothing (full, forbidden, just signed out): done now or not at all. */
  async unkept(entry) {
    const reply = await this.page.send(entry.command);
    if (reply.error) throw new Error(reply.error);
    this.page.done(entry, reply);
  }

  /** Throw one away: it is done, or its asker changed their mind. */
  async drop(entry) {
    await this.store.remove(entry.key).catch(() => {}); // sent again after a reload it changes nothing
    this.entries = this.entries.filter((other) => other.key !== entry.key);
    this.page.changed(this.entries);
  }

  /** Send what waits, one after the other, as long as the line is open. */
  flush() {
    this.running ??= this.run().finally(() => (this.running = null));
    return this.running;
  }

  async run() {
    while (this.page.isOpen()) {
      const entry = this.entries.find((one) => !one.error);
      if (!entry) return;
      this.sending = entry;
      try {
        const reply = await this.page.send(entry.command);
        if (!(await this.settle(entry, reply))) return;
      } catch (error) {
        if (error instanceof Lost) return; // sent again after resync
        throw error;
      } finally {
        this.sending = null;
      }
    }
  }

  /** @returns {Promise<boolean>} may the next one go */
  async settle(entry, reply) {
    if (reply.error === "too_fast") {
      await this.wait(1000 * (reply.retry_after ?? 1));
      return true;
    }
    if (reply.error === "signed_out") return false; // they may come back
    if (reply.error === "not_saved") {
      await this.wait(3000);
      return true;
    }
    if (reply.error && entry.command.text && !BACK_IN_ITS_BOX.has(entry.command.do)) {
      // Words are never thrown away: their writer decides.
      Object.assign(entry, { error: reply.error, facts: reply });
      await this.store.put(entry);
      this.page.changed(this.entries);
    } else {
      await this.drop(entry);
    }
    this.page.done(entry, reply);
    return true;
  }
}

/** Only the last press on one button counts. */
function replaces(command, other) {
  return ABSOLUTE.has(command.do) && ["do", "question", "opinion", "poll"].every((name) => command[name] === other[name]);
}

/** A version 4 UUID; crypto.randomUUID is missing on plain http away from localhost. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
