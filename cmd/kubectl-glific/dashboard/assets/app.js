import { h } from "./dom.js";
import { age } from "./words.js";
import { ask, listen } from "./stream.js";
import { Fleet } from "./fleet.js";
import { Organisation } from "./organisation.js";
import { channelPage } from "./channel.js";

const main = document.getElementById("main");
const announcer = document.getElementById("announcer");

// What is known of the fleet, and who looks at it now.
const known = { rows: new Map(), channels: [], loaded: false };
const fleet = new Fleet(known);
let page; // has update(), and close() if it must be closed

/** route shows what the address asks for. */
function route() {
  const [path, query] = location.hash.replace(/^#/, "").split("?");
  const [, kind, name] = path.split("/").map(decodeURIComponent);
  if (page === fleet && !kind) return fleet.read(query);
  const cameFrom = page && page.name;
  if (page && page.close) page.close();
  if (kind === "ngo" && name) page = new Organisation(name, known, main);
  else if (kind === "channel" && name) page = channelPage(name, known, main);
  else page = fleet;
  if (page === fleet) {
    fleet.read(query);
    fleet.show(main, cameFrom);
  } else {
    page.name = name;
    scrollTo(0, 0);
    main.querySelector("h1")?.focus();
  }
}

/** receive news of the fleet. */
function receive(news) {
  const fallen = [];
  if (news.whole) known.rows.clear();
  for (const name of news.gone || []) known.rows.delete(name);
  for (const row of news.rows || []) {
    const before = known.rows.get(row.name);
    if (before && before.mark !== "✗" && row.mark === "✗") fallen.push(`${row.name} is ${row.state}`);
    known.rows.set(row.name, row);
  }
  if (news.channels || news.whole) known.channels = news.channels || [];
  known.loaded = news.loaded;
  document.getElementById("troubles").replaceChildren(...news.troubles.map((words) => h("p", {}, words)));
  if (fallen.length) announcer.textContent = fallen.slice(0, 3).join(", ") + (fallen.length > 3 ? `, and ${fallen.length - 3} more` : "");
  const need = [...known.rows.values()].filter((row) => row.mark === "✗").length;
  document.title = `${need ? `(${need}) ` : ""}NGOs${known.cluster ? ` · ${known.cluster}` : ""}`;
  page.update();
}

addEventListener("hashchange", route);
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const typing = event.target.closest("input, select, textarea");
  if (event.key === "/" && !typing && page === fleet) {
    event.preventDefault();
    fleet.search.focus();
  } else if (event.key === "Escape" && page !== fleet && !typing) location.hash = fleet.address();
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address is the page's, not a place on it
  main.focus();
});
setInterval(() => {
  for (const element of document.querySelectorAll("time[data-at]")) {
    const old = element.dataset.age || "";
    const now = age(Number(element.dataset.at));
    if (old && old !== now) element.textContent = element.textContent.replace(old, now);
    element.dataset.age = now;
  }
}, 10000);

route();
listen("api/fleet", { fleet: receive });
ask("api/me").then((me) => {
  known.cluster = me.cluster;
  document.getElementById("where").replaceChildren(h("b", {}, me.cluster || "this cluster"), ` as ${me.user}`);
});
