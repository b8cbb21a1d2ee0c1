package doctor

import (
	"context"
	"strings"
)

// Expression asks a node for its Oban queues, one line each: name, state, running jobs.
const Expression = `if Code.ensure_loaded?(Oban) do
  for {queue, _} <- Oban.config().queues do
    case Oban.check_queue(queue: queue) do
      %{paused: true, running: running} -> IO.puts("#{queue} paused #{length(running)}")
      %{running: running} -> IO.puts("#{queue} running #{length(running)}")
      _ -> IO.puts("#{queue} stopped 0")
    end
  end
else
  IO.puts("none")
end`

func (d *Doctor) queue(ctx context.Context, p Patient) Finding {
	answer, err := p.Asked(ctx)
	if err != nil {
		return unasked("not asked, since that needs role Engineer and a pod that is ready: %v", err)
	}
	var going, still []string
	for line := range strings.Lines(answer) {
		words := strings.Fields(line)
		switch {
		case len(words) != 3:
		case words[1] == "running":
			going = append(going, words[0])
		case words[1] == "paused" || words[1] == "stopped":
			still = append(still, words[0]+" is "+words[1])
		}
	}
	switch {
	case len(still) > 0:
		return broken("messages wait: kubectl glific console "+p.Name+", then Oban.resume_queue(queue: :name), or kubectl glific restart "+p.Name,
			"%s", strings.Join(still, ", "))
	case len(going) == 0:
		return unasked("the app names no Oban queue")
	}
	return whole("%d queues run: %s", len(going), strings.Join(going, ", "))
}
