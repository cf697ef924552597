// The room's socket: connects at the cursor, notices silence, comes back with full jitter, and knows when not to.

const SILENCE = 20_000; // the server says something at least every 15 s
const ANSWER = 5_000; // how long a "beat" may wait for its answer after the page woke up
const LONGEST = 30; // seconds between two tries
const AFTER_RESTART = 10; // seconds over which everybody comes back to a server that said 1012
const SIGNED_OUT = 4401;
const NO_RIGHT = 4403;
const RESTING = 4409;
const RESTART = 1012;

/** Seconds until the next try: full jitter, so that a thousand pages do not come back in one second. */
export function delayBefore(tries, code, random = Math.random) {
  if (code === RESTART) return random() * AFTER_RESTART;
  return random() * Math.min(LONGEST, 2 ** tries);
}

/**
 * @typedef {{state: "on"} | {state: "wait", seconds: number} | {state: "off", why: "offline" | "signed_out" | "removed" | "resting" | "closed"}} Status
 * @typedef {{WebSocket: any, setTimeout: any, clearTimeout: any, random: () => number, online: () => boolean}} World
 */

/** @type {World} */
const BROWSER = {
  WebSocket: globalThis.WebSocket,
  setTimeout: (...args) => globalThis.setTimeout(...args),
  clearTimeout: (...args) => globalThis.clearTimeout(...args),
  random: Math.random,
  online: () => globalThis.navigator?.onLine !== false,
};

export class RoomSocket {
  /**
   * @param {{url: string, cursor: () => string, heard: (message: any) => void, status: (status: Status) => void,
   *   stays: () => Promise<boolean>}} page `stays`: may this browser still be here?
   * @param {World} world
   */
  constructor(page, world = BROWSER) {
    this.page = page;
    this.world = world;
    this.socket = null;
    this.isOpen = false;
    this.tries = 0; // since it last worked
    this.over = false; // signed out, removed or closed by us
    this.resting = false; // too many newer windows of the same person; none fights another, the one in use is open
  }

  connect() {
    if (this.over || this.socket) return;
    this.resting = false;
    this.world.clearTimeout(this.retry);
    const since = this.page.cursor();
    const socket = new this.world.WebSocket(this.page.url + (since ? `?since=${since}` : ""));
    this.socket = socket;
    socket.onmessage = ({ data }) => socket === this.socket && this.take(data);
    socket.onclose = ({ code }) => socket === this.socket && this.closed(code);
    this.expect(SILENCE);
  }

  /** @returns {boolean} did it leave this page */
  send(text) {
    if (!this.isOpen) return false;
    this.socket.send(text);
    return true;
  }

  /** The page was hidden or the network came back: is anybody there? */
  wake() {
    if (this.over) return;
    if (this.isOpen) {
      this.send("beat");
      this.expect(ANSWER);
    } else if (!this.socket) {
      this.tries = 0;
      this.connect();
    }
  }

  /** Leave this socket and come back at the cursor: a frame was missed. */
  reconnect(code = 0) {
    const socket = this.socket;
    if (!socket) return;
    this.socket = null;
    socket.onclose = socket.onmessage = null;
    socket.close();
    this.lost(code);
  }

  stop(why = "closed") {
    this.over = true;
    this.world.clearTimeout(this.retry);
    this.world.clearTimeout(this.silence);
    this.isOpen = false;
    this.socket?.close();
    this.socket = null;
    this.page.status({ state: "off", why });
  }

  take(data) {
    this.expect(SILENCE);
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return; // none of ours
    }
    if (message.hello) {
      this.isOpen = true;
      this.tries = 0;
      this.page.status({ state: "on" });
    }
    this.page.heard(message);
  }

  closed(code) {
    this.socket = null;
    if (code === SIGNED_OUT) return this.ended();
    if (code === NO_RIGHT) return this.stop("removed");
    if (code === RESTING) return this.rest();
    this.lost(code);
  }

  /** The session is over. This browser may have a newer one: somebody signed in, or came into another room. */
  async ended() {
    this.isOpen = false;
    this.world.clearTimeout(this.silence);
    const stays = await this.page.stays();
    if (this.socket || this.over) return;
    if (stays) this.lost(0);
    else this.stop("signed_out");
  }

  /** Until somebody uses this window again (`wake`). */
  rest() {
    this.isOpen = false;
    this.resting = true;
    this.world.clearTimeout(this.silence);
    this.page.status({ state: "off", why: "resting" });
  }

  lost(code) {
    this.isOpen = false;
    this.world.clearTimeout(this.silence);
    const seconds = delayBefore(this.tries, code, this.world.random);
    this.tries += 1;
    this.page.status(this.world.online() ? { state: "wait", seconds } : { state: "off", why: "offline" });
    this.world.clearTimeout(this.retry);
    this.retry = this.world.setTimeout(() => this.connect(), seconds * 1000);
  }

  /** Silence longer than this is a line that broke without a word (a lift, a sleeping laptop). */
  expect(within) {
    this.world.clearTimeout(this.silence);
    this.silence = this.world.setTimeout(() => this.reconnect(), within);
  }
}
