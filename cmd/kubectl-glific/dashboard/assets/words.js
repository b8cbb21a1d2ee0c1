import { h, icon } from "./dom.js";

// The marks of package show, their names here, and how they are drawn and said.
const marks = {
  "✓": { name: "good", says: "good", path: "M5 10.5l3.4 3.4L15 7" },
  "○": { name: "off", says: "off", path: "M6 10h8" },
  "…": { name: "moving", says: "under way", path: "M5 10h.01M10 10h.01M15 10h.01" },
  "?": { name: "unclear", says: "cannot be told", path: "M7.6 8a2.4 2.4 0 1 1 3.6 2.1c-.8.5-1.2.9-1.2 1.9M10 14.6h.01" },
  "✗": { name: "bad", says: "needs you", path: "M6.2 6.2l7.6 7.6M13.8 6.2l-7.6 7.6" },
};

export const markName = (mark) => (marks[mark] || marks["?"]).name;

/** mark is a sign with a colour, and a word for those who see neither. */
export function mark(sign, silent) {
  const known = marks[sign] || marks["?"];
  return h("span", { class: "mark", "data-mark": known.name }, icon(known.path), silent ? undefined : h("span", { class: "unseen" }, `${known.says}: `));
}

// The states, the one that needs a person most first.
export const states = ["Stalled", "Held", "Unknown", "Updating", "Reconciling", "Provisioning", "Suspending", "Deleting", "Unseen", "Suspended", "Serving"];

const stateMarks = { Stalled: "✗", Held: "✗", Unknown: "?", Serving: "✓", Suspended: "○" };

export const markOfState = (state) => stateMarks[state] || "…";

const units = [["d", 86400], ["h", 3600], ["m", 60], ["s", 1]];

/** age of a time in seconds since 1970, in its largest unit. */
export function age(at) {
  if (!at) return "–";
  const seconds = Math.max(0, Math.round(Date.now() / 1000 - at));
  const [unit, size] = units.find(([, size]) => seconds >= size) || units.at(-1);
  return `${Math.floor(seconds / size)}${unit}`;
}

/** time is an age that says, when it is pointed at, when that was. */
export function time(at, words = (text) => text) {
  if (!at) return "–";
  const date = new Date(at * 1000);
  return h("time", { datetime: date.toISOString(), title: date.toLocaleString(), "data-at": at }, words(age(at)));
}

/** until is how long it is to a time that lies ahead. */
export const until = (at) => age(2 * Math.round(Date.now() / 1000) - at);

const number = new Intl.NumberFormat("en");
export const count = (n) => number.format(n);
export const ngos = (n) => `${count(n)} NGO${n === 1 ? "" : "s"}`;

/** pill is a state in one word. */
export function pill(state, sign, held) {
  return h("span", { class: "pill", "data-mark": markName(sign) }, held ? `${state}, held` : state);
}
