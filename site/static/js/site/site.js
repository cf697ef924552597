// What every page carries: times in the reader's own zone, menus that close, "/" that goes to the search; at
// sign-out the device forgets.
import "../live/leaving.js";
import "./menus.js";
import "./time-here.js";
