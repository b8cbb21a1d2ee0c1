defmodule Standin do
  @moduledoc """
  Stands in for Glific where its images cannot be had: a release named `prod` that keeps
  the same contract with whoever deploys it. Environment, commands, probes, websockets,
  webhooks, shutdown, clustering and hot upgrades are real; what Glific does for NGOs is
  reduced to one stored message and one sent reply.
  """

  alias Standin.{Build, Pool}

  @doc "What a person or a test wants to know, as JSON: `bin/prod rpc 'IO.puts(Standin.report())'`."
  def report do
    sql = """
    SELECT jsonb_build_object(
      'schema', (SELECT max(version) FROM schema_migrations),
      'messages', (SELECT count(*) FROM messages),
      'jobs', (SELECT coalesce(jsonb_object_agg(state, n), '{}') FROM (SELECT state, count(*) n FROM global.outbound_jobs GROUP BY 1) s),
      'runTwice', (SELECT count(*) FROM (SELECT job FROM global.outbound_runs GROUP BY 1 HAVING count(*) > 1) r),
      'version', $1::text, 'node', $2::text, 'nodes', $3::text[], 'sockets', $4::integer)::text
    """

    nodes = "{" <> Enum.map_join(Node.list(), ",", &~s("#{&1}")) <> "}"
    sockets = DynamicSupervisor.count_children(Standin.Web.Sockets).active

    case Pool.query(Standin.RepoReplica, sql, [Build.version(), "#{node()}", to_charlist(nodes), sockets]) do
      {:ok, [[report]]} -> report
      {:error, reason} -> ~s({"error":#{inspect(inspect(reason))}})
    end
  end
end
