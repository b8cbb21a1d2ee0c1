// Elements are made by hand: nothing here turns text into markup.

/** h makes an element: attributes, on… listeners, and children (text or nodes). */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.startsWith("--")) element.style.setProperty(name, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false && child !== ""));
  return element;
}

/** swap puts new children in, and leaves the focus on what has the same data-key. */
export function swap(container, ...children) {
  const key = container.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  container.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (key) focusOn(container, key);
}

/** focusOn moves the focus to the element with a data-key, if it is there. */
export function focusOn(container, key) {
  const element = container.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (element) element.focus({ preventScroll: true });
  return Boolean(element);
}

const svgNamespace = "http://www.w3.org/2000/svg";

/** icon draws a path of a 20 × 20 picture in the colour of the text. */
export function icon(path, name) {
  const svg = document.createElementNS(svgNamespace, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon ${name || ""}`);
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(svgNamespace, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** copyable is a command or some lines with a button that copies them. */
export function copyable(text, block) {
  const said = h("span", { class: "unseen", role: "status" });
  const button = h("button", {
    type: "button", class: "copy", "data-key": `copy ${text}`, "aria-label": `Copy ${block ? "the lines" : text}`,
    onclick: async () => {
      await navigator.clipboard.writeText(text);
      button.dataset.done = "";
      said.textContent = "Copied";
      setTimeout(() => { delete button.dataset.done; said.textContent = ""; }, 1600);
    },
  }, icon("M7 7V4h9v9h-3M4 7h9v9H4z"));
  return h("span", { class: block ? "copyable block" : "copyable" }, h(block ? "pre" : "code", {}, text), button, said);
}

/** sentence is text in which kubectl's commands can be copied; name is the NGO's. */
export function sentence(text, name = "") {
  const about = name ? `(?: ${name.replaceAll(/[^a-z0-9-]/g, "")})?` : "";
  const command = new RegExp(`(kubectl (?:glific [a-z]+${about}|(?:get|describe) [a-z.]+(?: -n [a-z0-9-]+)?)(?: --[a-z-]+(?: (?:migration|bootstrap|admin-password))?)*)`);
  return text.split(command).map((part, i) => (i % 2 ? copyable(part) : part));
}
