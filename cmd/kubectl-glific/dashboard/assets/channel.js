import { h, sentence, swap } from "./dom.js";
import { count, mark, ngos, time, until } from "./words.js";

const parts = [
  ["current", "serve it, verified", "good"],
  ["inFlight", "being updated", "moving"],
  ["starting", "starting", "moving"],
  ["waiting", "waiting", "unclear"],
  ["failed", "failed", "bad"],
  ["setAside", "set aside", "bad"],
  ["unreached", "not reached", "off"],
];

/** progress is a bar of how the members stand, and its words. */
function progress(counts, words) {
  const there = parts.filter(([key]) => counts[key]);
  const members = counts.members || 0;
  const done = counts.current || 0;
  return [
    h("div", { class: "bar", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": String(members), "aria-valuenow": String(done), "aria-label": words,
      "aria-valuetext": there.map(([key, says]) => `${counts[key]} ${says}`).join(", ") || "no members" },
    there.map(([key, , name]) => h("i", { "--n": counts[key], "data-mark": name, "data-part": key }))),
    h("p", { class: "legend" }, there.map(([key, says, name]) => h("span", { "data-mark": name, "data-part": key }, h("b", {}, count(counts[key])), ` ${says}`))),
  ];
}

const share = (counts) => {
  const reached = (counts.members || 0) - (counts.unreached || 0);
  return reached ? `${Math.floor((100 * (counts.current || 0)) / reached)}%` : "–";
};

/** channelCard is a channel in brief, for the fleet. */
export function channelCard(channel) {
  return h("article", { class: "card" },
    h("header", {}, mark(channel.mark), h("h2", {}, h("a", { href: `#/channel/${encodeURIComponent(channel.name)}`, "data-key": `channel ${channel.name}` }, channel.name)),
      h("span", { class: "tag" }, channel.release), h("span", { class: "share" }, share(channel.counts))),
    h("div", { class: "inner" },
      h("div", {}, progress(channel.counts, `Rollout of ${channel.release}`)),
      h("div", {},
        h("ol", { class: "steps", "aria-label": "Waves" }, channel.waves.map((wave) => h("li", { "data-state": waveState(wave) }, wave.name, h("span", { class: "unseen" }, ` ${waveWords(wave)}`)))),
        channel.next && h("p", { class: "next" }, said(channel)))));
}

const said = (channel) => [channel.held ? `Held: ${channel.held}. ` : "", channel.paused ? "Paused. " : "", channel.next.charAt(0).toUpperCase() + channel.next.slice(1),
  channel.nextAt ? ` (in ${until(channel.nextAt)})` : ""];

function waveState(wave) {
  const { members = 0, current = 0, unreached = 0, failed = 0 } = wave.counts;
  if (failed) return "failed";
  if (wave.open) return current + unreached >= members ? "done" : "open";
  return "closed";
}

const waveWords = (wave) => ({ done: "through", open: "open", closed: "not open yet", failed: "somebody failed" })[waveState(wave)];

/** channelPage is one channel at length. */
export function channelPage(name, known, main) {
  const place = h("div", { class: "page" });
  main.replaceChildren(h("nav", { class: "back", "aria-label": "Back" }, h("a", { href: "#/" }, "← All NGOs")), place);
  const page = {
    update() {
      const channel = known.channels.find((one) => one.name === name);
      swap(place, channel ? drawn(channel) : h("h1", { tabindex: "-1" }, known.loaded ? `There is no release channel ${name}` : `Reading ${name}…`));
    },
  };
  page.update();
  return page;
}

function drawn(channel) {
  const members = (wave) => `#/?channel=${encodeURIComponent(channel.name)}&wave=${encodeURIComponent(wave)}`;
  return [
    h("header", { class: "title" }, mark(channel.mark), h("h1", { tabindex: "-1", "data-key": "title" }, channel.name), h("span", { class: "tag" }, channel.release), h("span", { class: "share" }, share(channel.counts))),
    h("p", { class: "lead" }, ngos(channel.counts.members || 0), channel.startedAt ? [", since ", time(channel.startedAt)] : "", channel.verified && channel.verified !== channel.release ? `; new ones start on ${channel.verified}` : ""),
    channel.mode && h("p", { class: "lead" }, h("b", {}, channel.mode), channel.mode === "Hot" ? ": new code enters running pods" : `: new pods take over${channel.why ? `, since ${channel.why}` : ""}`),
    channel.next && h("p", { class: "banner", "data-mark": channel.mark === "✗" ? "bad" : "moving" }, h("b", {}, "Next: "), said(channel)),
    progress(channel.counts, `Rollout of ${channel.release}`),
    h("h2", {}, "Waves"),
    channel.waves.length ? h("ol", { class: "waves" }, channel.waves.map((wave) => h("li", { "data-state": waveState(wave) },
      h("div", { class: "about" }, h("h3", {}, h("a", { href: members(wave.name), "data-key": `wave ${wave.name}` }, wave.name)),
        h("p", {}, waveWords(wave), " · ", wave.takes, wave.soak ? ` · soaks ${wave.soak}` : "", wave.manual ? (wave.approved ? " · approved" : " · opens when a person approves it") : "")),
      h("div", {}, progress(wave.counts, `Wave ${wave.name}`))))) : h("p", {}, "It has no waves, so nothing moves."),
    listed("Need you", channel.failing), listed("Not reached", channel.unreached),
    channel.history?.length ? [h("h2", {}, "Earlier rollouts"), h("ul", { class: "plainlist" }, channel.history.map((rollout) => h("li", {},
      mark(rollout.result === "Verified" ? "✓" : "○"), h("b", {}, rollout.release), ` ${rollout.result.toLowerCase()} `, time(Date.parse(rollout.endedAt) / 1000, (ago) => `${ago} ago`),
      `, ${count(rollout.counts?.current || 0)} of ${ngos(rollout.counts?.members || 0)}`, rollout.expedited ? `; hurried: ${rollout.expedited}` : "")))] : undefined,
  ];
}

function listed(title, organisations) {
  if (!organisations?.length) return undefined;
  return [h("h2", {}, title), h("ul", { class: "plainlist" }, organisations.map((one) => h("li", {},
    h("a", { href: `#/ngo/${encodeURIComponent(one.name)}`, "data-key": `${title} ${one.name}` }, one.name), ` ${one.reason}`, one.message && h("span", { class: "muted" }, ": ", sentence(one.message, one.name)))))];
}
