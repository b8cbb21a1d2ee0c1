import { h, icon, sentence, swap } from "./dom.js";
import { mark, markName, pill, time } from "./words.js";
import { listen } from "./stream.js";
import { Config } from "./config.js";

const stages = [["Preflight", "Check"], ["BackingUp", "Back up"], ["Migrating", "Migrate"], ["Deploying", "Deploy"], ["Converging", "Converge"], ["Holding", "Hold"], ["Probing", "Probe"]];
const verdicts = ["Ready", "Available", "Reconciling", "Stalled"];

/** Organisation is one NGO: how it is, why, and what it is configured with. */
export class Organisation {
  constructor(name, known, main) {
    this.name = name;
    this.known = known;
    this.path = `api/organisations/${encodeURIComponent(name)}`;
    this.title = h("header", { class: "title" }, h("h1", { tabindex: "-1" }, name));
    this.overview = h("section", { id: "overview", role: "tabpanel", "aria-labelledby": "tab-overview" }, h("p", { class: "waiting" }, "Reading…"));
    this.settings = h("section", { id: "settings", role: "tabpanel", "aria-labelledby": "tab-settings", hidden: true });
    this.config = new Config(name, this.path, this.settings);
    main.replaceChildren(
      h("nav", { class: "back", "aria-label": "Back" }, h("a", { href: "#/", onclick: (event) => { event.preventDefault(); history.length > 1 ? history.back() : (location.hash = "#/"); } }, "← All NGOs")),
      h("div", { class: "page" }, this.title, this.tabs(), this.overview, this.settings));
    this.stop = listen(this.path, { organisation: (view) => this.draw(view), trouble: (words) => this.trouble(words) });
  }

  update() {}

  close() { this.stop(); }

  tabs() {
    const tab = (id, text) => h("button", { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": id, "aria-selected": String(id === "overview"), tabindex: id === "overview" ? "0" : "-1", onclick: () => this.choose(id) }, text);
    this.tablist = h("div", { role: "tablist", class: "tabs", "aria-label": `Views of ${this.name}`, onkeydown: (event) => this.turn(event) }, tab("overview", "Overview"), tab("settings", "Configuration"));
    return this.tablist;
  }

  turn(event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    const other = this.tablist.querySelector('[aria-selected="false"]');
    other.focus();
    other.click();
  }

  choose(id) {
    for (const tab of this.tablist.children) {
      const on = tab.getAttribute("aria-controls") === id;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
    }
    this.overview.hidden = id !== "overview";
    this.settings.hidden = id !== "settings";
    if (id === "settings") this.config.read();
  }

  trouble(words) {
    swap(this.overview, h("p", { class: "banner", "data-mark": "bad" }, sentence(words, this.name)));
  }

  draw(view) {
    const { row } = view;
    swap(this.title, mark(row.mark), h("h1", { tabindex: "-1", "data-key": "title" }, row.name), row.title && h("p", { class: "also" }, row.title), pill(row.state, row.mark, row.held),
      row.host && h("a", { class: "visit", href: `https://${row.host}`, target: "_blank", rel: "noopener noreferrer", "data-key": "visit" }, row.host, icon("M8 5h7v7M15 5L6 14", "out")));
    const conditions = new Map(view.conditions.map((condition) => [condition.type, condition]));
    swap(this.overview,
      view.next && h("p", { class: "banner", "data-mark": markName(row.mark) }, h("b", {}, "Next step: "), sentence(view.next, row.name)),
      view.update && this.rollout(view.update),
      h("div", { class: "columns" },
        h("div", {},
          h("section", { class: "panel" }, h("h2", {}, "What it is made of"), h("ol", { class: "tree" }, (view.tree.children || []).map((node) => branch(node, conditions, row.name)))),
          view.missing && h("section", { class: "panel" }, h("h2", {}, "Not shown"), h("ul", { class: "plainlist" }, view.missing.map((words) => h("li", {}, words))))),
        h("div", {},
          h("section", { class: "panel" }, h("h2", {}, "In brief"), h("ul", { class: "verdicts" }, verdicts.map((type) => conditions.get(type)).filter(Boolean).map((c) => h("li", { title: c.message },
            mark(c.mark), h("b", {}, c.type), c.reason !== c.type && c.reason !== "Ready" ? ` ${c.reason}` : "", h("span", { class: "muted" }, " ", time(c.since))))),
          h("dl", { class: "facts" }, view.facts.filter(([key]) => key !== "Name").map(([key, value]) => [h("dt", {}, key), h("dd", {}, value)]),
            view.gitOwner && [h("dt", {}, "Declared by"), h("dd", {}, view.gitOwner)])),
          h("section", { class: "panel" }, h("h2", {}, "Events"), view.events.length
            ? h("ol", { class: "events" }, view.events.map((event) => h("li", { "data-mark": event.warning ? "bad" : "off" },
              h("p", {}, h("b", {}, event.reason), h("span", { class: "muted" }, ` ${event.about} · `, time(event.at, (ago) => `${ago} ago`))), h("p", {}, event.note))))
            : h("p", { class: "muted" }, "Nothing was told lately.")))));
  }

  /** rollout is the update that the channel's slot allowed. */
  rollout(update) {
    const at = stages.findIndex(([stage]) => stage === update.stage);
    const ended = update.stage === "Ended" || update.answer !== "Accepted";
    if (ended && (update.outcome === "Verified" || update.answer === "Declined")) return undefined;
    return h("section", { class: "panel rollout" },
      h("h2", {}, ended ? `Update to ${update.release}: ${update.outcome}` : `Updating ${update.from ? `from ${update.from} ` : ""}to ${update.release}`),
      ended ? undefined : h("ol", { class: "steps" }, stages.map(([stage, words], i) => h("li", { "data-state": i < at ? "done" : i === at ? "open" : "closed", "aria-current": i === at ? "step" : undefined }, words))),
      update.mode && h("p", {}, update.mode === "Hot" ? "Hot: new code enters the running pods." : "Rolling: new pods take over."),
      update.stage === "RollingBack" && h("p", {}, `The new release failed; ${update.from} is brought back.`),
      update.message && h("p", {}, sentence(update.message, this.name)));
  }
}

/** branch is a condition or an object, and what is below it. */
function branch(node, conditions, name) {
  const condition = conditions.get(node.name);
  const kind = node.name.includes(" ") ? node.name.split(" ") : undefined;
  return h("li", {}, h("div", { class: "node" }, mark(node.mark),
    h("div", {}, h("p", {}, kind ? [h("span", { class: "kind" }, kind[0]), " ", h("span", { class: "object" }, kind.slice(1).join(" "))] : h("b", {}, node.name),
      condition && h("span", { class: "muted" }, " ", time(condition.since))),
    node.text && h("p", { class: "says" }, sentence(node.text, name)),
    condition?.next && h("p", { class: "todo" }, h("b", {}, "Next step: "), sentence(condition.next, name)))),
  node.children && h("ol", {}, node.children.map((child) => branch(child, conditions, name))));
}
