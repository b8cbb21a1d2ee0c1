// Server-sent events, by browsers' own means: they connect again by themselves.

const live = document.getElementById("live");

function state(name, words) {
  if (live.dataset.state === name) return;
  live.dataset.state = name;
  live.textContent = words;
}

/** listen to a stream; the answer ends it. While the page is hidden nothing is asked for. */
export function listen(path, handlers) {
  let source;
  const open = () => {
    source = new EventSource(path);
    source.onopen = () => state("live", "Live");
    source.onerror = () => state("lost", source.readyState === EventSource.CLOSED
      ? "Ended: run kubectl glific dashboard again"
      : "Connection lost; trying again…");
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
    }
  };
  const turn = () => {
    if (document.hidden) source.close();
    else if (source.readyState === EventSource.CLOSED) open();
  };
  open();
  document.addEventListener("visibilitychange", turn);
  return () => {
    document.removeEventListener("visibilitychange", turn);
    source.close();
  };
}

/** ask for something once; an answer that is an error is thrown in its own words. */
export async function ask(path, body) {
  const response = await fetch(path, body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const answer = await response.json().catch(() => ({ error: `The page cannot be reached (${response.status}).` }));
  if (!response.ok) throw Object.assign(new Error(answer.error), answer);
  return answer;
}
