defmodule Standin.Organisation do
  @moduledoc """
  Which Organisation a request is for, by its Host: this database holds one, `glific`,
  which answers to the tenant's hosts and, for probes, to localhost.

  An Organisation that was found is remembered for 24 hours, as Glific does: a 200 does
  not prove that the database answers now.
  """

  use Agent
  alias Standin.Pool

  @remembered 24 * 60 * 60

  def start_link(_), do: Agent.start_link(fn -> nil end, name: __MODULE__)

  @doc "`:ok` when the host is served and its Organisation exists and is active."
  def find(host) do
    if host in hosts(), do: known(), else: {:error, :unknown_host}
  end

  @doc "Every host that is served."
  def hosts do
    base = Application.fetch_env!(:standin, :base_url)
    origins = for origin <- Application.fetch_env!(:standin, :origins), do: URI.parse(origin).host
    named = Enum.uniq([base | origins])
    ["localhost", "127.0.0.1" | named] ++ Enum.map(named, &("api." <> &1))
  end

  defp known do
    now = System.monotonic_time(:second)

    case Agent.get(__MODULE__, & &1) do
      found when is_integer(found) and now - found < @remembered -> :ok
      _ -> look_up(now)
    end
  end

  defp look_up(now) do
    case Pool.query(Standin.RepoReplica, "SELECT id FROM organizations WHERE shortcode = 'glific' AND is_active") do
      {:ok, [_]} -> Agent.update(__MODULE__, fn _ -> now end)
      {:ok, []} -> {:error, :not_active}
      {:error, {:sql, "42P01", _}} -> {:error, :not_active}
      {:error, reason} -> {:error, reason}
    end
  end
end
