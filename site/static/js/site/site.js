// What every page carries: times in the reader's own zone, menus that close, forms that are not sent into nothing;
// at sign-out the device forgets.
import "../live/leaving.js";
import "./menus.js";
import "./offline.js";
import "./time-here.js";
