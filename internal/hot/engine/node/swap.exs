# Engine B: modules are exchanged under suspended processes, and given back if one of
# these cannot be converted.
defmodule OrganisationOperator.Hot.Swap do
  @moduledoc false
  alias OrganisationOperator.Hot.Agent

  # Callers may wait for those that are suspended already: then another order is tried.
  @attempts 3
  @patience 2000
  @conversion 10_000
  @lingering 5000

  @doc "Loads plan.modules, [{module, file, new, old file, old}], and converts what lives of them."
  def install(plan) do
    {:ok, prepared} = :code.prepare_loading(for {module, file, new, _, _} <- plan.modules, do: {module, file, new})
    supervisors = Enum.filter(Process.list(), &supervisor?(&1, plan.apps))
    began = System.monotonic_time(:microsecond)

    case quiet(supervisors, plan, @attempts) do
      {:silent, pid} ->
        %{outcome: "Failed", message: "process #{inspect(pid)} did not let itself be suspended within 2 s, #{@attempts} times; nothing was changed"}

      {:ok, stopped, held} ->
        environment = :application_controller.prep_config_change()
        result = exchange(plan, prepared, stopped, held)
        if result.outcome == "Installed", do: :application_controller.config_change(environment)
        Map.merge(result, %{processes: length(held), microseconds: System.monotonic_time(:microsecond) - began})
    end
  end

  # While supervisors stand, no process begins with old state and new code.
  defp quiet(supervisors, plan, attempts) do
    with {:ok, above} <- Agent.suspend(turned(supervisors, attempts), @patience) do
      held = Agent.processes(plan.changed) |> Enum.reject(fn {pid, _} -> pid in above end)

      case Agent.suspend(for({pid, _} <- held, uniq: true, do: pid) |> turned(attempts), @patience) do
        {:ok, below} ->
          {:ok, below ++ above, Enum.filter(held, fn {pid, _} -> pid in below end)}

        {:silent, pid} ->
          Agent.resume(above)
          again(supervisors, plan, attempts, pid)
      end
    else
      {:silent, pid} -> again(supervisors, plan, attempts, pid)
    end
  end

  defp again(_supervisors, _plan, 1, pid), do: {:silent, pid}
  defp again(supervisors, plan, attempts, _pid), do: quiet(supervisors, plan, attempts - 1)

  defp turned(pids, attempts) when rem(attempts, 2) == 0, do: Enum.reverse(pids)
  defp turned(pids, _attempts), do: pids

  # Elixir's supervisors say the same of themselves.
  defp supervisor?(pid, apps) do
    match?({:supervisor, _, _}, Agent.initial_call(pid)) and
      Enum.any?(apps, fn {app, _, _} -> :application.get_application(pid) == {:ok, app} end)
  end

  defp exchange(plan, prepared, stopped, held) do
    began = System.monotonic_time(:microsecond)
    before = for {pid, _} <- held, do: {pid, :sys.get_state(pid, @conversion)}
    :ok = :code.finish_loading(prepared)

    case convert(plan, held) do
      :ok ->
        for {app, _, dir} <- plan.apps, do: :code.replace_path(app, to_charlist(Path.join(dir, "ebin")))
        Agent.load(plan.protocols)
        configure(plan)
        %{outcome: "Installed"}

      {:failed, message} ->
        killed = give_back(plan, before)
        %{outcome: "RolledBack", message: message <> "; the old code and every state were given back" <> lost(killed)}
    end
    |> Map.put(:suspended_microseconds, System.monotonic_time(:microsecond) - began)
  after
    Agent.resume(stopped)
  end

  defp lost(0), do: ""
  defp lost(killed), do: ", #{killed} processes in the middle of new code were ended"

  defp convert(plan, held) do
    Enum.reduce_while(held, :ok, fn {pid, module}, :ok ->
      case change(pid, module, plan.versions[module]) do
        :ok -> {:cont, :ok}
        {:error, what} -> {:halt, {:failed, "code_change of #{inspect(module)} failed: #{what}"}}
      end
    end)
  end

  defp change(pid, module, vsn) do
    if function_exported?(module, :code_change, 3) or function_exported?(module, :code_change, 4) do
      with {:error, reason} <- :sys.change_code(pid, module, vsn, [], @conversion), do: {:error, Agent.brief(:error, unwrap(reason))}
    else
      :ok
    end
  catch
    kind, reason -> if Process.alive?(pid), do: {:error, Agent.brief(kind, reason)}, else: :ok
  end

  defp unwrap({:EXIT, {reason, _stack}}), do: reason
  defp unwrap(reason), do: reason

  # What ran in the old code since before the exchange is let out of it first.
  defp give_back(plan, before) do
    old = for {module, _, _, file, binary} <- plan.modules, binary != nil, do: {module, file, binary}
    killed = Enum.count(old, fn {module, _, _} -> not emptied(module, @lingering) and :code.purge(module) end)
    {:ok, prepared} = :code.prepare_loading(old)
    :ok = :code.finish_loading(prepared)
    for {pid, state} <- before, Process.alive?(pid), do: put_back(pid, state)
    killed
  end

  defp emptied(module, left) do
    :code.soft_purge(module) ||
      (left > 0 and
         receive do
         after
           50 -> emptied(module, left - 50)
         end)
  end

  # A gen_event hands its handlers over one by one, as {module, id, state}.
  defp put_back(pid, state) do
    case Agent.initial_call(pid) do
      {:gen_event, :init_it, _} ->
        :sys.replace_state(pid, fn {module, id, _} = now -> Enum.find(state, now, &match?({^module, ^id, _}, &1)) end, @conversion)

      _ ->
        :sys.replace_state(pid, fn _ -> state end, @conversion)
    end
  end

  # As release_handler does it: the applications' environments become those of the new
  # release; what changed is then told to each of them (config_change/3).
  defp configure(plan) do
    specs = for {app, spec, _} <- plan.specs, do: {:application, app, spec}
    :application_controller.change_application_data(specs, plan.config)
  end
end
