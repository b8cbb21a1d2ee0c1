defmodule Standin.Pool do
  @moduledoc """
  A pool of `POOL_SIZE` connections. There are two, `Standin.Repo` and
  `Standin.RepoReplica`, as in Glific, so a pod holds twice as many connections.
  """

  use Supervisor

  def start_link(options), do: Supervisor.start_link(__MODULE__, options, name: options[:name])

  def child_spec(options), do: %{super(options) | id: options[:name]}

  @impl true
  def init(options) do
    workers =
      for number <- 1..options[:size] do
        name = process(options[:name], number)
        Supervisor.child_spec({Standin.Pool.Worker, {name, options[:database]}}, id: name)
      end

    Supervisor.init(workers, strategy: :one_for_one, max_restarts: 100)
  end

  @doc """
  Runs one statement on any connection. One that turns out to be closed is opened anew,
  and the statement repeated: every statement here may run twice.
  """
  def query(pool, sql, parameters \\ []) do
    size = Application.fetch_env!(:standin, :pool_size)
    GenServer.call(process(pool, :rand.uniform(size)), {:query, sql, parameters}, 30_000)
  catch
    :exit, reason -> {:error, {:connection, reason}}
  end

  defp process(pool, number), do: Module.concat(pool, "Worker#{number}")
end

defmodule Standin.Pool.Worker do
  @moduledoc "Owns one connection of a pool, and opens it again when it is lost."

  use GenServer
  alias Standin.Postgres

  @retry 1000

  def start_link({name, database}), do: GenServer.start_link(__MODULE__, database, name: name)

  @impl true
  def init(database), do: {:ok, %{database: database, connection: nil}, {:continue, :connect}}

  @impl true
  def handle_continue(:connect, state), do: {:noreply, connect(state)}

  @impl true
  def handle_info(:connect, %{connection: nil} = state), do: {:noreply, connect(state)}
  def handle_info(_, state), do: {:noreply, state}

  @impl true
  def handle_call({:query, sql, parameters}, _from, state) do
    with {:error, {:connection, _}} <- run(state, sql, parameters) do
      state = connect(forget(state))
      {:reply, run(state, sql, parameters), state}
    else
      answer -> {:reply, answer, state}
    end
  end

  defp run(%{connection: nil}, _sql, _parameters), do: {:error, {:connection, :closed}}
  defp run(state, sql, parameters), do: Postgres.query(state.connection, sql, parameters)

  defp connect(state) do
    case Postgres.connect(state.database) do
      {:ok, connection} ->
        %{state | connection: connection}

      {:error, _reason} ->
        Process.send_after(self(), :connect, @retry)
        state
    end
  end

  defp forget(%{connection: nil} = state), do: state

  defp forget(state) do
    Postgres.close(state.connection)
    %{state | connection: nil}
  end
end
