defmodule Standin.Application do
  @moduledoc """
  The tree. Whatever stands later is ended earlier: first the door, then the websockets,
  then the queue, with its grace, and the database last.
  """

  use Application
  alias Standin.Web

  @impl true
  def start(_type, _arguments) do
    [database, size, port, service] =
      for key <- [:database, :pool_size, :http_port, :cluster_service], do: Application.fetch_env!(:standin, key)

    children = [
      {Standin.Pool, name: Standin.Repo, size: size, database: database},
      {Standin.Pool, name: Standin.RepoReplica, size: size, database: database},
      Standin.Organisation,
      {Task.Supervisor, name: Standin.Tasks},
      Standin.Outbound,
      {Standin.Notifications, database},
      %{id: :pg, start: {:pg, :start_link, [Standin.PubSub]}},
      {Standin.Cluster, service},
      {DynamicSupervisor, name: Web.Sockets},
      {Task.Supervisor, name: Web.Requests},
      {Web.Listener, port}
    ]

    Supervisor.start_link(children, strategy: :one_for_one, name: Standin.Supervisor, max_restarts: 20)
  end

  # No request is cut off: the door is closed, and what came in is answered.
  @impl true
  def prep_stop(state) do
    Web.Listener.drain()
    state
  end
end
