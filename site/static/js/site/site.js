// What every page carries: times in the reader's own zone, menus that close, "/" that goes to the search.
import "./menus.js";
import "./time-here.js";
