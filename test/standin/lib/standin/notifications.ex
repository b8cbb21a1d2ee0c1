defmodule Standin.Notifications do
  @moduledoc """
  Waits for what PostgreSQL announces (LISTEN), on a connection of its own, and wakes
  the queue of outbound messages. What was announced while the connection was lost is
  found by the queue itself.
  """

  use GenServer
  require Logger
  alias Standin.{Outbound, Postgres}

  @retry 1000

  def start_link(database), do: GenServer.start_link(__MODULE__, database, name: __MODULE__)

  @impl true
  def init(database), do: {:ok, %{database: database, connection: nil, buffer: ""}, {:continue, :listen}}

  @impl true
  def handle_continue(:listen, state), do: {:noreply, listen(state)}

  @impl true
  def handle_info(:listen, state), do: {:noreply, listen(state)}

  def handle_info({kind, _socket, data}, state) when kind in [:tcp, :ssl] do
    {found, rest} = Postgres.notifications(state.buffer <> data)
    for {"outbound", _job} <- found, do: Outbound.wake()
    {:noreply, %{state | buffer: rest}}
  end

  def handle_info({kind, _socket}, state) when kind in [:tcp_closed, :ssl_closed], do: {:noreply, lost(state)}
  def handle_info({kind, _socket, _}, state) when kind in [:tcp_error, :ssl_error], do: {:noreply, lost(state)}

  defp listen(state) do
    with {:ok, connection} <- Postgres.connect(state.database),
         {:ok, _} <- Postgres.script(connection, "LISTEN outbound", 5000),
         :ok <- active(connection) do
      Outbound.wake()
      %{state | connection: connection, buffer: ""}
    else
      {:error, reason} -> lost(state, reason)
    end
  end

  defp active(%{module: :ssl, socket: socket}), do: :ssl.setopts(socket, active: true)
  defp active(%{socket: socket}), do: :inet.setopts(socket, active: true)

  defp lost(state, reason \\ :closed) do
    Logger.warning("database: #{inspect(reason)}")
    Process.send_after(self(), :listen, @retry)
    %{state | connection: nil}
  end
end
