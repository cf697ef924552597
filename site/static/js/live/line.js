// One line to the server, whichever way is open: the socket, or its twin over plain HTTP where a proxy blocks sockets.
import { RoomSocket } from "./socket.js";

const REPLY = 15_000; // a command without a reply this long is lost; it is sent again after resync
const POLL = 5_000;
const BLOCKED_AFTER = 2; // tries that never opened, before HTTP is asked

/** The command left but no reply came: it may or may not be on disk. All commands may be said twice. */
export class Lost extends Error {}

export class Line {
  /**
   * @param {{urls: {socket: string, changes: string, do: string}, cursor: () => string,
   *   heard: (message: any) => void, status: (status: import("./socket.js").Status) => void, post: Function}} page
   */
  constructor(page) {
    this.page = page;
    this.refs = 0;
    this.open = new Map();
    this.polling = false;
    const address = new URL(page.urls.socket, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    this.socket = new RoomSocket({
      url: address.href,
      cursor: page.cursor,
      heard: (message) => this.hear(message),
      status: (status) => this.stand(status),
      stays: () => this.stays(),
    });
  }

  start() {
    this.socket.connect();
    addEventListener("offline", () => this.socket.reconnect()); // a line that is gone still looks alive for 20 s
    addEventListener("online", () => this.socket.wake());
    document.addEventListener("visibilitychange", () => document.hidden || this.socket.wake());
    for (const use of ["pointerdown", "keydown"]) addEventListener(use, () => this.socket.resting && this.socket.wake(), { passive: true });
    addEventListener("pageshow", (event) => event.persisted && this.socket.wake());
  }

  get isOpen() {
    return this.socket.isOpen || this.polling;
  }

  /**
   * Do one command. @returns {Promise<{ok?: any, error?: string}>} @throws {Lost} when no reply came
   * @param {Record<string, any>} command
   */
  async request(command) {
    if (!this.socket.isOpen) return this.post(command);
    const ref = String(++this.refs);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.open.delete(ref);
        reject(new Lost());
        this.socket.wake();
      }, REPLY);
      this.open.set(ref, { resolve, reject, late });
      this.socket.send(JSON.stringify({ ref, ...command }));
    });
  }

  async post(command) {
    if (this.socket.over) throw new Lost();
    try {
      const { data } = await this.page.post(this.page.urls.do, plain(command), { signal: AbortSignal.timeout(REPLY) });
      if (!data) throw new Lost();
      this.pollSoon(0);
      return data;
    } catch (error) {
      throw error instanceof Lost ? error : new Lost();
    }
  }

  hear(message) {
    const asked = message.ref && this.open.get(message.ref);
    if (asked) {
      clearTimeout(asked.late);
      this.open.delete(message.ref);
      asked.resolve(message);
    }
    this.page.heard(message);
  }

  stand(status) {
    if (status.state === "on") {
      this.polling = false;
      clearTimeout(this.poll);
    } else {
      for (const { reject, late } of this.open.values()) {
        clearTimeout(late);
        reject(new Lost());
      }
      this.open.clear();
      if (status.state === "wait" && this.socket.tries >= BLOCKED_AFTER && !this.polling) this.pollSoon(0);
      if (this.polling && status.state === "wait") return; // the twin works: one is connected
    }
    if (status.state === "off") this.polling = false;
    this.page.status(status);
  }

  /** Where nobody answers it is not known, and the socket tries again. */
  async stays() {
    const asked = this.ask().catch(() => null);
    return (await asked)?.status !== 403;
  }

  ask() {
    const url = `${this.page.urls.changes}?since=${encodeURIComponent(this.page.cursor())}${this.page.also?.() ?? ""}`;
    return fetch(url, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(REPLY) });
  }

  pollSoon(wait = POLL * (0.7 + 0.6 * Math.random())) {
    if (this.socket.isOpen || this.socket.over) return;
    clearTimeout(this.poll);
    this.poll = setTimeout(() => this.pull(), wait);
  }

  async pull() {
    if (this.socket.isOpen || this.socket.over) return;
    try {
      const answer = await this.ask();
      if (answer.status === 403) return this.socket.stop("signed_out");
      if (!answer.ok && answer.status !== 304) throw new Lost();
      const message = answer.status === 304 ? null : await answer.json();
      if (this.socket.isOpen) return;
      if (message) this.page.heard(message);
      if (!this.polling) {
        this.polling = true;
        this.page.status({ state: "on" });
      }
      this.pollSoon();
    } catch {
      if (!this.polling) return;
      this.polling = false;
      this.page.status({ state: "off", why: "offline" });
    }
  }
}

/** A form knows only words, and several of one name one after the other. @returns {[string, string][]} */
function plain(command) {
  return Object.entries(command).flatMap(([name, value]) => [value ?? ""].flat().map((one) => [name, String(one)]));
}
