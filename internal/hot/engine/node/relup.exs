# Engine A: release_handler follows the relup that came with the release.
defmodule OrganisationOperator.Hot.Relup do
  @moduledoc false
  alias OrganisationOperator.Hot.Agent

  @patience 5000
  # What release_handler finds before it changes anything; after any other error it
  # restarts the node (error_action).
  @early [:no_such_release, :no_matching_relup, :no_relup, :bad_relup, :bad_relup_file, :old_processes, :illegal_instruction, :already_installed]

  @doc """
  Installs a release that lies beside the running one. Processes are suspended before
  release_handler does it again: it would go on without those that do not answer.
  """
  def install(plan) do
    began = System.monotonic_time(:microsecond)
    pids = for {pid, _} <- Agent.processes(plan.suspends), do: pid

    case Agent.suspend(pids, @patience) do
      {:silent, pid} -> %{outcome: "Failed", message: "process #{inspect(pid)} did not let itself be suspended within 5 s; nothing was changed"}
      {:ok, pids} -> follow(plan, pids) |> measured(began, length(pids))
    end
  end

  defp follow(plan, pids) do
    with_config(plan, fn -> unpacked(plan) && :release_handler.install_release(to_charlist(plan.version), error_action: :restart) end)
  catch
    # The process that was asked is gone, and soon all others.
    :exit, _ -> restarting()
  else
    {:ok, _, _} ->
      Agent.load(plan.protocols)
      %{outcome: "Installed"}

    false ->
      %{outcome: "Failed", message: "release_handler does not accept the release; nothing was changed"}

    {:error, reason} when is_tuple(reason) and elem(reason, 0) in @early ->
      %{outcome: "Failed", message: "release_handler refused: #{elem(reason, 0)}; nothing was changed"}

    _ ->
      restarting()
  after
    Agent.resume(pids)
  end

  defp restarting, do: %{outcome: "Restarting", message: "code could not be changed; the node restarts with the version that it was started with"}

  defp measured(result, began, count) do
    took = System.monotonic_time(:microsecond) - began
    Map.merge(%{processes: count, microseconds: took, suspended_microseconds: took}, result)
  end

  defp unpacked(plan) do
    known = for {_, vsn, _, _} <- :release_handler.which_releases(), do: to_string(vsn)
    rel = Path.join([Agent.root(), "releases", plan.version, Agent.name() <> ".rel"])
    plan.version in known or match?({:ok, _}, :release_handler.set_unpacked(to_charlist(rel), []))
  end

  # release_handler reads the configuration from the release's sys.config, where there is
  # only what was known when it was built. What the environment adds holds secrets: it
  # lies in memory, for as long as this takes. Whoever else asks meanwhile starts a
  # machine with the same file: it is there at every moment.
  defp with_config(plan, work) do
    restore(plan)
    file = sys_config(plan)
    File.mkdir!(plan.memory)
    File.chmod!(plan.memory, 0o700)
    resolved = Path.join(plan.memory, "sys.config")
    File.write!(resolved, :io_lib.format("~tp.~n", [plan.config]), [{:encoding, :utf8}])
    replace(file <> ".built", &File.cp!(file, &1))
    replace(file, &File.ln_s!(resolved, &1))
    work.()
  after
    restore(plan)
  end

  defp replace(file, write) do
    _ = File.rm(file <> ".new")
    write.(file <> ".new")
    File.rename!(file <> ".new", file)
  end

  @doc """
  Puts the built configuration back, also what an upgrade that was cut off left; the next
  boot resolves it anew.
  """
  def restore(plan) do
    file = sys_config(plan)
    with {:ok, resolved} <- File.read_link(file), do: File.rm_rf!(Path.dirname(resolved))
    if File.exists?(file <> ".built"), do: File.rename!(file <> ".built", file)
    File.rm_rf!(plan.memory)
  end

  defp sys_config(plan), do: Path.join([Agent.root(), "releases", plan.version, "sys.config"])
end
