defmodule Standin.Outbound do
  @moduledoc """
  The queue of outbound messages, in PostgreSQL, as Oban keeps Glific's: a job is
  `available`, `executing` on one node, and `completed`. Each run is counted in
  `global.outbound_runs` before its work starts.

  At shutdown the queue takes nothing more and lets running jobs end, for the grace of
  60 seconds; then what still runs is given back. A job of a node that died is given
  back when that node has not been heard of for two minutes.
  """

  use GenServer, shutdown: :infinity
  require Logger
  alias Standin.Pool

  @limit 10
  @poll 2000

  def start_link(_), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)

  @doc "Says that there may be something to do."
  def wake, do: send(__MODULE__, :wake)

  @impl true
  def init(_) do
    Process.flag(:trap_exit, true)
    # Of this start of this node: what an earlier one left executing is not ours.
    identity = "#{node()}/#{Base.encode16(:crypto.strong_rand_bytes(4))}"
    {:ok, %{identity: identity, running: %{}, timer: nil}, {:continue, :fetch}}
  end

  @impl true
  def handle_continue(:fetch, state), do: {:noreply, fetch(state)}

  @impl true
  def handle_info(:wake, state), do: {:noreply, fetch(state)}

  # A task that ended: with its answer, or by crashing.
  def handle_info({reference, :ok}, state) when is_reference(reference) do
    Process.demonitor(reference, [:flush])
    {:noreply, fetch(%{state | running: Map.delete(state.running, reference)})}
  end

  def handle_info({:DOWN, reference, :process, _, reason}, state) do
    {{job, _task}, running} = Map.pop(state.running, reference)
    Logger.error("outbound job #{job} crashed: #{inspect(reason)}")
    give_back([job])
    {:noreply, fetch(%{state | running: running})}
  end

  def handle_info(_, state), do: {:noreply, state}

  @impl true
  def terminate(_reason, state) do
    grace = Application.fetch_env!(:standin, :shutdown_grace)
    tasks = for {_reference, {_job, task}} <- state.running, do: task
    Logger.info("outbound: waiting up to #{div(grace, 1000)} s for #{length(tasks)} jobs")
    answers = Task.yield_many(tasks, grace)
    unfinished = for {task, nil} <- answers, do: task.ref
    for {task, nil} <- answers, do: Task.shutdown(task, :brutal_kill)
    give_back(for {reference, {job, _}} <- state.running, reference in unfinished, do: job)
  end

  defp fetch(state) do
    free = @limit - map_size(state.running)
    mine = for {_reference, {job, _task}} <- state.running, do: job
    if state.timer, do: Process.cancel_timer(state.timer)
    state = %{state | timer: Process.send_after(self(), :wake, @poll)}

    case Pool.query(Standin.Repo, fetch_sql(), [free, state.identity, array(mine)]) do
      {:ok, rows} -> Enum.reduce(rows, state, &start/2)
      {:error, _} -> state
    end
  end

  # Besides what is available: what this node took without learning so, because the
  # connection was lost in between; and what dead nodes took.
  defp fetch_sql do
    """
    WITH alive AS (
      INSERT INTO global.outbound_nodes AS n (node) VALUES ($2::text)
      ON CONFLICT (node) DO UPDATE SET seen_at = now() RETURNING n.node
    ), picked AS (
      SELECT j.id FROM global.outbound_jobs j LEFT JOIN global.outbound_nodes n ON n.node = j.node
      WHERE j.state = 'available'
         OR j.state = 'executing' AND j.node = $2::text AND j.id <> ALL ($3::text::bigint[])
         OR j.state = 'executing' AND j.node <> $2::text AND n.seen_at < now() - interval '2 minutes'
      ORDER BY j.id LIMIT $1::bigint FOR UPDATE OF j SKIP LOCKED
    )
    UPDATE global.outbound_jobs j SET state = 'executing', node = $2::text
    FROM picked, alive WHERE j.id = picked.id RETURNING j.id, j.milliseconds
    """
  end

  defp start([id, milliseconds], state) do
    task = Task.Supervisor.async_nolink(Standin.Tasks, __MODULE__, :run, [id, String.to_integer(milliseconds)])
    put_in(state.running[task.ref], {id, task})
  end

  @doc false
  def run(job, milliseconds) do
    run = Base.encode16(:crypto.strong_rand_bytes(8))
    insist("INSERT INTO global.outbound_runs (id, job, node) VALUES ($1, $2::text::bigint, $3) ON CONFLICT DO NOTHING", [run, job, "#{node()}"])
    Process.sleep(milliseconds)
    insist("UPDATE global.outbound_jobs SET state = 'completed', completed_at = now() WHERE id = $1::text::bigint AND state = 'executing'", [job])
  end

  # The work is done: that the database is away for a while must not make it be done again.
  defp insist(sql, parameters) do
    case Pool.query(Standin.Repo, sql, parameters) do
      {:ok, _} ->
        :ok

      {:error, {:connection, _}} ->
        Process.sleep(500)
        insist(sql, parameters)
    end
  end

  defp give_back([]), do: :ok

  defp give_back(jobs) do
    sql = "UPDATE global.outbound_jobs SET state = 'available', node = NULL WHERE id = ANY ($1::text::bigint[]) AND state = 'executing'"
    Pool.query(Standin.Repo, sql, [array(jobs)])
  end

  defp array(ids), do: "{" <> Enum.join(ids, ",") <> "}"
end
