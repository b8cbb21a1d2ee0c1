defmodule Standin.Web.Listener do
  @moduledoc """
  Accepts connections on `HTTP_PORT`, for IPv6 and IPv4, and gives each to a process of
  its own.
  """

  use Supervisor, shutdown: :infinity
  alias Standin.Web

  @acceptors 8
  @patience 20_000

  def start_link(port), do: Supervisor.start_link(__MODULE__, port, name: __MODULE__)

  @impl true
  def init(port) do
    {:ok, socket} = listen(port)
    :persistent_term.put(__MODULE__, {socket, :counters.new(1, [])})

    acceptors =
      for number <- 1..@acceptors do
        Supervisor.child_spec({Task, fn -> accept(socket) end}, id: number, restart: :permanent)
      end

    Supervisor.init(acceptors, strategy: :one_for_one)
  end

  # Some kernels have no IPv6.
  defp listen(port) do
    options = [:binary, active: false, packet: :http_bin, packet_size: 16_384, reuseaddr: true, backlog: 1024, nodelay: true]

    case :gen_tcp.listen(port, [:inet6, ipv6_v6only: false] ++ options) do
      {:error, reason} when reason in [:eafnosupport, :eaddrnotavail] -> :gen_tcp.listen(port, options)
      result -> result
    end
  end

  defp accept(listening) do
    case :gen_tcp.accept(listening) do
      {:ok, socket} ->
        {:ok, process} = Task.Supervisor.start_child(Web.Requests, Web.Http, :serve, [socket])
        hand_over(socket, process)
        accept(listening)

      # Drained: this process waits for the end with the others.
      {:error, :closed} ->
        Process.sleep(:infinity)

      {:error, _reason} ->
        accept(listening)
    end
  end

  defp hand_over(socket, process) do
    :gen_tcp.controlling_process(socket, process)
    send(process, {:yours, socket})
  end

  @doc "Counts a request that is being answered."
  def busy(work) do
    {_socket, counter} = :persistent_term.get(__MODULE__)
    :counters.add(counter, 1, 1)

    try do
      work.()
    after
      :counters.sub(counter, 1, 1)
    end
  end

  @doc "Tells whether no more requests are taken."
  def draining?, do: :persistent_term.get({__MODULE__, :draining}, false)

  @doc "Closes the door, and returns when what came in is answered, or after 20 s."
  def drain do
    {socket, counter} = :persistent_term.get(__MODULE__)
    :persistent_term.put({__MODULE__, :draining}, true)
    :gen_tcp.close(socket)
    wait(counter, System.monotonic_time(:millisecond) + @patience)
  end

  defp wait(counter, deadline) do
    if :counters.get(counter, 1) > 0 and System.monotonic_time(:millisecond) < deadline do
      Process.sleep(20)
      wait(counter, deadline)
    end
  end
end
