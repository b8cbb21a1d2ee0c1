import { h, copyable, sentence, swap } from "./dom.js";
import { ask } from "./stream.js";

/** Config is the environment of an NGO's pods, and its editor. */
export class Config {
  constructor(name, path, place) {
    this.name = name;
    this.path = `${path}/config`;
    this.place = place;
  }

  async read() {
    if (!this.list) this.place.replaceChildren(h("p", { class: "waiting" }, "Reading the configuration…"));
    try {
      this.config = await ask(this.path);
    } catch (error) {
      this.list = undefined;
      this.place.replaceChildren(h("p", { class: "banner", "data-mark": "bad" }, sentence(error.message, this.name)));
      return;
    }
    if (!this.list) this.build();
    this.draw();
  }

  build() {
    this.answer = h("div", { role: "status", class: "answer" });
    this.key = h("input", { id: "config-key", name: "key", required: true, pattern: "[A-Za-z_][A-Za-z0-9_]*", placeholder: "such as GCS_FILE_COUNT", autocomplete: "off", spellcheck: "false", autocapitalize: "off", oninput: () => { this.plainBox.hidden = true; } });
    this.value = h("input", { id: "config-value", name: "value", autocomplete: "off", spellcheck: "false", maxlength: "4096" });
    this.plain = h("input", { type: "checkbox", id: "config-plain" });
    this.plainBox = h("p", { class: "confirm", hidden: true }, this.plain, h("label", { for: "config-plain" }, "It is no secret: everybody who may read Organisations may know it."));
    this.form = h("form", { class: "editor", onsubmit: (event) => { event.preventDefault(); this.send({ set: { [this.key.value.trim()]: this.value.value }, plain: this.plain.checked && !this.plainBox.hidden }); } },
      h("div", { class: "field" }, h("label", { for: "config-key" }, "Variable"), this.key),
      h("div", { class: "field grow" }, h("label", { for: "config-value" }, "Value"), this.value),
      h("button", { type: "submit", class: "main" }, this.config.gitOwner ? "Show what to commit" : "Set, and replace the pods"), this.plainBox);
    this.filter = h("input", { type: "search", placeholder: "Find a variable", "aria-label": "Find a variable", autocomplete: "off", spellcheck: "false", oninput: () => this.draw() });
    this.list = h("tbody");
    this.notes = h("div");
    this.editor = h("section", { class: "panel" });
    this.place.replaceChildren(this.editor, h("section", { class: "panel" }, h("div", { class: "paneltop" }, h("h2", {}, "All variables"), this.filter), this.notes,
      h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "All variables" }, h("table", { class: "keys" }, h("thead", {}, h("tr", {}, ["Variable", "Value", "From", ""].map((title) => h("th", { scope: "col" }, title || h("span", { class: "unseen" }, "Change"))))), this.list))));
    this.editor.append(h("h2", {}, "Set a variable of this NGO"), ...(this.config.editable ? [h("p", { class: "muted" }, this.how()), this.form, this.answer] : [h("p", {}, this.config.why)]));
  }

  how() {
    if (this.config.gitOwner) return `Git declares this NGO (${this.config.gitOwner}), so nothing is changed here: you get the lines to commit.`;
    return "It is declared in spec.messaging.env, and the pods are replaced with it at once. Values that are secret belong into a Secret.";
  }

  draw() {
    const { keys, own, unread = [], problems = [], editable } = this.config;
    const wanted = this.filter.value.trim().toLowerCase();
    swap(this.notes, problems.map((words) => h("p", { class: "banner", "data-mark": "bad" }, sentence(words, this.name))), unread.map((words) => h("p", { class: "muted" }, `Not shown: the keys of ${words}.`)));
    swap(this.list, keys.filter((key) => key.name.toLowerCase().includes(wanted)).map((key) => {
      const mine = own.includes(key.name) && key.layer === "Organisation";
      const settable = editable && key.layer !== "Operator";
      return h("tr", { "data-own": mine ? "yes" : "no" },
        h("th", { scope: "row" }, key.name),
        h("td", { class: "value" }, key.hidden ? h("span", { class: "muted" }, "hidden") : h("code", {}, key.value || "“”")),
        h("td", {}, h("span", { class: "layer", "data-layer": key.layer }, key.layer), key.from !== "env" && h("small", {}, key.from), key.overrides && h("small", {}, `over ${key.overrides.replaceAll(",", ", ")}`)),
        h("td", { class: "do" }, settable && !key.hidden && h("button", { type: "button", class: "plain", "data-key": `change ${key.name}`, "aria-label": `Change ${key.name}`, onclick: () => this.edit(key) }, mine ? "Change" : "Override"),
          mine && editable && h("button", { type: "button", class: "plain", "data-key": `remove ${key.name}`, "aria-label": `Remove ${key.name}`, onclick: () => this.remove(key) }, "Remove")));
    }));
  }

  edit(key) {
    this.key.value = key.name;
    this.value.value = key.value || "";
    this.value.focus();
    this.value.select();
    this.editor.scrollIntoView({ block: "nearest" });
  }

  remove(key) {
    const dialog = h("dialog", { "aria-labelledby": "remove-title", onclose: () => { dialog.remove(); if (dialog.returnValue === "remove") this.send({ unset: [key.name] }); } },
      h("form", { method: "dialog" }, h("h2", { id: "remove-title" }, `Remove ${key.name}?`),
        h("p", {}, this.config.gitOwner ? "You get the lines to commit." : `What the profile or the Release says counts again, and the pods of ${this.name} are replaced at once.`),
        h("menu", {}, h("button", { value: "cancel", autofocus: true }, "Keep it"), h("button", { value: "remove", class: "main danger" }, "Remove"))));
    document.body.append(dialog);
    dialog.showModal();
  }

  async send(asked) {
    try {
      const { done, warning, commit, owner } = await ask(this.path, asked);
      if (commit) {
        swap(this.answer, h("p", { class: "banner", "data-mark": "moving" }, h("b", {}, "Nothing was changed. "), `${owner} declares ${this.name} and would set it back: commit this to its YAML instead.`), copyable(commit, true));
        return;
      }
      swap(this.answer, h("p", { class: "banner", "data-mark": "good" }, done), warning && h("p", { class: "muted" }, warning));
      this.plainBox.hidden = true;
      this.form.reset();
      await this.read();
    } catch (error) {
      this.plainBox.hidden = !error.sensitive;
      swap(this.answer, h("p", { class: "banner", "data-mark": "bad" }, error.message));
    }
  }
}
