defmodule Standin.Cluster do
  @moduledoc """
  Joins the tenant's other nodes: every few seconds it asks DNS for the addresses of the
  headless Service in `CLUSTER_SERVICE`, asks the epmd of each which nodes of this
  release run there, and connects. Only a node with the same `RELEASE_COOKIE` lets it.
  """

  use GenServer
  require Logger

  @period 3000

  def start_link(service), do: GenServer.start_link(__MODULE__, service, name: __MODULE__)

  @impl true
  def init(service) do
    :net_kernel.monitor_nodes(true)
    send(self(), :look)
    {:ok, service}
  end

  @impl true
  def handle_info(:look, service) do
    if service && Node.alive?(), do: Enum.each(found(service) -- [node() | Node.list()], &Node.connect/1)
    Process.send_after(self(), :look, @period)
    {:noreply, service}
  end

  def handle_info({change, name}, service) when change in [:nodeup, :nodedown] do
    Logger.info("cluster: #{change} #{name}")
    {:noreply, service}
  end

  # The name of a node is made of the release's (prod) and its pod's address; consoles
  # have other names.
  defp found(service) do
    for address <- addresses(service),
        {:ok, names} <- [:erl_epmd.names(address)],
        {name, _port} <- names,
        List.starts_with?(name, 'prod'),
        do: :"#{name}@#{:inet.ntoa(address)}"
  end

  defp addresses(service) do
    case :inet.getaddrs(to_charlist(service), :inet) do
      {:ok, addresses} -> Enum.uniq(addresses)
      {:error, _} -> []
    end
  end
end
