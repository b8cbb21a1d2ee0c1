import { h, focusOn, swap } from "./dom.js";
import { count, mark, markName, markOfState, ngos, pill, states, time } from "./words.js";
import { channelCard } from "./channel.js";

const columns = [
  { key: "name", title: "NGO", by: (row) => row.name },
  { key: "state", title: "State", by: (row) => `${String(states.indexOf(row.state)).padStart(2, "0")} ${row.name}` },
  { key: "release", title: "Release", by: (row) => `${row.serving || ""} ${row.name}` },
  { key: "wave", title: "Wave", by: (row) => `${row.channel || "~"} ${row.wave || "~"} ${row.name}` },
  { key: "host", title: "Host", by: (row) => row.host || "~" },
  { key: "server", title: "Database on", by: (row) => `${row.server || "~"} ${row.name}` },
  { key: "problem", title: "Last problem", by: (row) => (row.troubled ? 1e12 : 0) + (row.problem || 0), down: true },
  { key: "created", title: "Age", by: (row) => row.created, down: true },
];

const choices = [
  { key: "release", title: "Release", of: (row) => row.serving || "none yet" },
  { key: "channel", title: "Channel", of: (row) => row.channel || "none" },
  { key: "wave", title: "Wave", of: (row) => row.wave || "none" },
  { key: "server", title: "Database on", of: (row) => row.server || "none yet" },
];

/** needs tells whether a person should look at an NGO. */
const needs = (row) => row.mark === "✗" || row.mark === "?";

/** Fleet is the list of all NGOs, above it how they are, and how releases travel. */
export class Fleet {
  constructor(known) {
    this.known = known;
    this.wanted = new URLSearchParams();
    this.lines = new Map(); // by name: { row, element, haystack }
    this.build();
  }

  /** read what the address asks for. */
  read(query) {
    this.wanted = new URLSearchParams(query || "");
    this.search.value = this.wanted.get("q") || "";
    if (this.main) this.update();
  }

  address() {
    const query = this.wanted.toString();
    return query ? `#/?${query}` : "#/";
  }

  /** want one thing more, or less; the address says so, without a step back for each. */
  want(key, value) {
    if (value) this.wanted.set(key, value);
    else this.wanted.delete(key);
    history.replaceState(null, "", this.address());
    this.update();
  }

  build() {
    this.search = h("input", {
      type: "search", id: "search", placeholder: "Search name, host, reason, release", autocomplete: "off", spellcheck: "false",
      "aria-label": "Search NGOs", "aria-keyshortcuts": "/", oninput: () => this.want("q", this.search.value.trim()),
      onkeydown: (event) => {
        if (event.key === "ArrowDown") { event.preventDefault(); this.step(null, 1); }
        if (event.key === "Escape" && this.search.value) { event.stopPropagation(); this.search.value = ""; this.want("q", ""); }
      },
    });
    this.head = h("section", { class: "head", "aria-label": "How the NGOs are" });
    this.channels = h("section", { class: "cards", "aria-label": "Release channels" });
    this.selects = h("div", { class: "selects" });
    this.found = h("p", { class: "found", role: "status" });
    this.titles = h("div", { class: "row titles", role: "row" });
    this.body = h("div", { role: "rowgroup", onkeydown: (event) => this.keys(event) });
    this.table = h("div", { class: "table", role: "table", "aria-label": "NGOs" }, h("div", { role: "rowgroup", class: "titlegroup" }, this.titles), this.body);
    this.tools = h("div", { class: "tools", role: "search" }, this.search, this.selects, this.found);
  }

  show(main, cameFrom) {
    this.main = main;
    main.replaceChildren(this.head, this.channels, this.tools, this.table);
    this.update();
    if (cameFrom && focusOn(this.body, cameFrom)) document.activeElement.scrollIntoView({ block: "center" });
  }

  close() {
    this.main = undefined;
  }

  /** update everything; what is the same stays the same element. */
  update() {
    if (!this.main) return;
    for (const name of this.lines.keys()) if (!this.known.rows.has(name)) this.lines.delete(name);
    for (const [name, row] of this.known.rows) {
      const line = this.lines.get(name);
      if (!line) this.lines.set(name, this.line(row));
      else if (line.row !== row) this.refill(line, row);
    }
    const chosen = this.chosen();
    this.drawHead();
    swap(this.channels, this.known.channels.map((channel) => channelCard(channel)));
    this.channels.hidden = !this.known.channels.length;
    this.drawTools(chosen.length);
    this.drawTitles();
    this.arrange(chosen);
  }

  line(row) {
    const line = { row, element: h("div", { class: "row", role: "row" }) };
    this.refill(line, row);
    return line;
  }

  refill(line, row) {
    line.row = row;
    line.haystack = [row.name, row.title, row.host, row.reason, row.state, row.serving, row.target, row.server, row.held].join(" ").toLowerCase();
    line.element.dataset.mark = markName(row.mark);
    swap(line.element, cells(row));
  }

  /** chosen are the lines that are wanted, in the order that is wanted. */
  chosen() {
    const words = (this.wanted.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
    const state = this.wanted.get("state");
    const lines = [...this.lines.values()].filter(({ row, haystack }) =>
      words.every((word) => haystack.includes(word)) &&
      (!state || row.state === state) &&
      (!this.wanted.has("need") || needs(row)) &&
      choices.every(({ key, of }) => !this.wanted.has(key) || of(row) === this.wanted.get(key)));
    const [key, way] = this.order();
    const { by } = columns.find((column) => column.key === key);
    const keyed = lines.map((line) => [by(line.row), line]);
    keyed.sort(([a], [b]) => (a < b ? -way : a > b ? way : 0));
    return keyed.map(([, line]) => line);
  }

  /** order is the column by which they stand, and 1 or -1. */
  order() {
    const [, minus, key] = /^(-?)(.*)$/.exec(this.wanted.get("sort") || "state");
    return columns.some((column) => column.key === key) ? [key, minus ? -1 : 1] : ["state", 1];
  }

  arrange(chosen) {
    const elements = chosen.map((line) => line.element);
    this.table.setAttribute("aria-rowcount", elements.length + 1);
    const same = elements.length === this.body.children.length && elements.every((element, i) => element === this.body.children[i]);
    if (same && elements.length) return;
    if (!elements.length) {
      swap(this.body, h("p", { class: "none" }, this.known.loaded
        ? (this.lines.size ? "No NGO is like that. " : "There are no NGOs yet: kubectl glific new NAME prints the YAML of one.")
        : "Reading the fleet…",
      this.lines.size && this.known.loaded ? h("button", { type: "button", class: "plain", onclick: () => this.everything() }, "Show all") : undefined));
      return;
    }
    const top = scrollY;
    swap(this.body, elements);
    if (scrollY !== top) scrollTo(0, top);
  }

  everything() {
    this.search.value = "";
    this.wanted = new URLSearchParams();
    history.replaceState(null, "", this.address());
    this.update();
    this.search.focus();
  }

  drawHead() {
    const rows = [...this.known.rows.values()];
    const counts = new Map(states.map((state) => [state, 0]));
    for (const row of rows) counts.set(row.state, (counts.get(row.state) || 0) + 1);
    const total = (sign) => rows.filter((row) => row.mark === sign).length;
    const bad = rows.filter(needs).length;
    const only = this.wanted.has("need");
    const words = [`${count(counts.get("Serving"))} serve as declared`];
    if (total("…")) words.push(`${count(total("…"))} under way`);
    if (total("○")) words.push(`${count(total("○"))} suspended`);
    const there = [...counts].filter(([, n]) => n);
    swap(this.head,
      h("h1", { tabindex: "-1" }, this.known.loaded || rows.length ? ngos(rows.length) : "NGOs"),
      h("p", { class: "lead" }, words.join(", "), ". ", bad || only
        ? h("button", { type: "button", class: "need", "data-mark": "bad", "data-key": "need", "aria-pressed": String(only), onclick: () => this.want("need", only ? "" : "yes") }, `${count(bad)} need${bad === 1 ? "s" : ""} you`)
        : h("strong", { "data-mark": "good" }, "Nothing needs you.")),
      h("div", { class: "bar", "aria-hidden": "true" }, there.toReversed().map(([state, n]) => h("i", { "--n": n, "data-mark": markName(markOfState(state)) }))),
      h("div", { class: "chips", role: "group", "aria-label": "Show only NGOs in one state" }, there.map(([state, n]) => {
        const on = this.wanted.get("state") === state;
        return h("button", { type: "button", class: "chip", "aria-pressed": String(on), "data-key": `state ${state}`, onclick: () => this.want("state", on ? "" : state) },
          mark(markOfState(state), true), `${state} `, h("b", {}, count(n)));
      })));
  }

  drawTools(shown) {
    swap(this.selects, choices.map(({ key, title, of }) => {
      const values = [...new Set([...this.known.rows.values()].map(of))].sort();
      if (values.length < 2 && !this.wanted.has(key)) return undefined;
      const select = h("select", { "aria-label": title, "data-key": `choice ${key}`, onchange: (event) => this.want(key, event.target.value) },
        h("option", { value: "" }, `${title}: all`), values.map((value) => h("option", { value }, `${title}: ${value}`)));
      select.value = this.wanted.get(key) || "";
      select.dataset.on = select.value ? "yes" : "no";
      return select;
    }));
    const all = this.lines.size;
    this.found.textContent = shown === all ? `All ${ngos(all)}` : `${count(shown)} of ${ngos(all)}`;
  }

  drawTitles() {
    const [ordered, way] = this.order();
    swap(this.titles, columns.map(({ key, title, down }) => {
      const sorted = key === ordered ? (way > 0 ? "ascending" : "descending") : undefined;
      const next = sorted ? (way > 0 ? `-${key}` : key) : (down ? `-${key}` : key);
      return h("div", { role: "columnheader", class: key, "aria-sort": sorted },
        h("button", { type: "button", "data-key": `sort ${key}`, onclick: () => this.want("sort", next) }, title));
    }));
  }

  /** keys move between the names of NGOs. */
  keys(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12, Home: -Infinity, End: Infinity };
    if (!(event.key in steps) || !event.target.matches("a.name")) return;
    event.preventDefault();
    this.step(event.target.closest(".row"), steps[event.key]);
  }

  step(from, by) {
    const elements = [...this.body.querySelectorAll(".row")];
    const at = from ? elements.indexOf(from) + by : 0;
    if (at < 0 && by === -1) return this.search.focus();
    const to = elements[Math.min(Math.max(at, 0), elements.length - 1)];
    to?.querySelector("a.name").focus();
    to?.scrollIntoView({ block: "nearest" });
  }
}

/** cells of one NGO. */
function cells(row) {
  const cell = (key, title, ...children) => h("div", { role: "cell", class: key, "data-title": title }, ...children);
  const moves = row.target && row.target !== row.serving;
  const reason = row.reason && row.reason !== row.state && row.reason !== "Ready" ? row.reason : "";
  return [
    cell("name", "NGO", mark(row.mark, true), h("span", {},
      h("a", { class: "name", href: `#/ngo/${encodeURIComponent(row.name)}`, "data-key": row.name }, row.name),
      row.title && h("small", {}, row.title))),
    cell("state", "State", h("span", {}, pill(row.state, row.mark, row.held), (row.stage || reason) && h("small", { title: row.message }, row.stage && row.mode ? `${row.stage}, ${row.mode.toLowerCase()}` : row.stage || reason))),
    cell("release", "Release", h("span", {}, row.serving || "–", moves && h("small", { class: "to" }, h("span", { "aria-hidden": "true" }, "→ "), h("span", { class: "unseen" }, "moving to "), row.target))),
    cell("wave", "Wave", h("span", {}, row.wave || "–", row.channel && h("small", {}, row.channel))),
    cell("host", "Host", row.host ? h("a", { href: `https://${row.host}`, target: "_blank", rel: "noopener noreferrer", tabindex: "-1" }, row.host) : "–"),
    cell("server", "Database on", row.server || "–"),
    cell("problem", "Last problem", row.problem ? time(row.problem, (ago) => (row.troubled ? `now, ${ago}` : `${ago} ago`)) : "–"),
    cell("created", "Age", time(row.created)),
  ];
}
