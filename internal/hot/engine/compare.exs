# In a machine of the new release, beside the running node and on its disk: what differs,
# and what of it forbids an upgrade while the node runs. Each refusal is one reason with
# one sentence; `engine` says whom it stops, nil both.
defmodule OrganisationOperator.Hot.Compare do
  @moduledoc false

  # What code was compiled against, and what no process can be moved between.
  @runtime [:kernel, :stdlib, :elixir, :compiler, :sasl]
  @tree [Application, Supervisor, DynamicSupervisor, :application, :supervisor]

  @doc "The new release as it lies on the disk, with all that differs from the node's facts."
  def release(version, facts, call) do
    root = System.fetch_env!("RELEASE_ROOT")
    rel = Path.join([root, "releases", version, System.fetch_env!("RELEASE_NAME") <> ".rel"])
    {:ok, [{:release, _, {:erts, erts}, apps}]} = :file.consult(to_charlist(rel))
    new = Map.new(apps, fn app -> {elem(app, 0), to_string(elem(app, 1))} end)
    changed = for {app, vsn} <- new, app not in @runtime, was = facts.apps[app], was.version != vsn, do: {app, vsn, Path.join(root, "lib/#{app}-#{vsn}")}

    %{version: version, root: root, erts: to_string(erts), apps: new, changed: ordered(changed), consolidated: Path.join([root, "releases", version, "consolidated"])}
    |> beams(call)
  end

  # An application comes after those that it uses.
  defp ordered(changed) do
    uses = Map.new(changed, fn {app, _, dir} -> {app, spec(app, dir)[:applications] || []} end)
    names = Enum.map(changed, &elem(&1, 0))
    order = Enum.reduce(names, [], &after_used(&1, uses, &2))
    Enum.sort_by(changed, fn {app, _, _} -> Enum.find_index(order, &(&1 == app)) end)
  end

  defp after_used(app, uses, done) do
    if app in done or not is_map_key(uses, app), do: done, else: Enum.reduce(uses[app], done, &after_used(&1, Map.delete(uses, app), &2)) ++ [app]
  end

  def spec(app, dir) do
    {:ok, [{:application, ^app, spec}]} = :file.consult(to_charlist(Path.join(dir, "ebin/#{app}.app")))
    spec
  end

  # Modules of changed applications, protocols as they are consolidated; only those whose
  # code is not what runs.
  defp beams(release, call) do
    protocols = files(release.consolidated)
    files = for {_, _, dir} <- release.changed, file <- files(Path.join(dir, "ebin")), into: %{}, do: file
    files = Map.drop(files, Map.keys(protocols))
    running = call.(:modules, [Map.keys(files) ++ Map.keys(protocols)])
    differs = fn {module, file} -> running[module][:md5] != md5(file) end
    modules = Enum.filter(files, differs)
    affected = for module <- affected(files, MapSet.new(modules, &elem(&1, 0))), is_map_key(running, module), do: module
    Map.merge(release, %{running: running, modules: modules, affected: affected, protocols: Enum.filter(protocols, differs)})
  end

  # A module that did not change may keep, in its processes, what one that did has made.
  defp affected(files, changed) do
    uses = Map.new(files, fn {module, file} -> {module, MapSet.new(imports(file))} end)
    reach(uses, changed)
  end

  defp reach(uses, found) do
    more = for {module, used} <- uses, not MapSet.disjoint?(used, found), into: found, do: module
    if MapSet.size(more) == MapSet.size(found), do: found, else: reach(uses, more)
  end

  defp imports(file) do
    {:ok, {_, imports: imports}} = :beam_lib.chunks(to_charlist(file), [:imports])
    Enum.map(imports, &elem(&1, 0))
  end

  defp files(dir) do
    for file <- Path.wildcard(dir <> "/*.beam"), into: %{}, do: {String.to_atom(Path.basename(file, ".beam")), file}
  end

  defp md5(file) do
    {:ok, {_, md5}} = :beam_lib.md5(to_charlist(file))
    md5
  end

  @doc "Everything that forbids it."
  def refusals(release, facts) do
    runtime(release, facts) ++ applications(release, facts) ++ Enum.flat_map(release.changed, &native(&1, facts)) ++
      start_modules(release, facts) ++ tree(release) ++ lingering(release) ++ loadable(release) ++
      relup(release, facts) ++ downgrade(release, facts)
  end

  defp refuse(reason, message, engine \\ nil), do: %{reason: reason, message: message, engine: engine}

  defp runtime(release, facts) do
    erts = if release.erts != facts.erts, do: [refuse("ErtsChanged", "Erlang's machine changes from #{facts.erts} to #{release.erts}")], else: []

    erts ++
      for app <- @runtime, was = facts.apps[app], vsn = release.apps[app], vsn != was.version do
        refuse("RuntimeChanged", "#{app} changes from #{was.version} to #{vsn}")
      end
  end

  # iex is loaded by whoever opens a console.
  defp applications(release, facts) do
    added = for {app, vsn} <- release.apps, app != :iex, facts.apps[app] == nil, do: refuse("ApplicationAdded", "#{app} #{vsn} is new", "ModuleSwap")
    removed = for {app, _} <- facts.apps, app != :iex, release.apps[app] == nil, do: refuse("ApplicationRemoved", "#{app} is gone", "ModuleSwap")
    added ++ removed
  end

  defp native({app, vsn, dir}, facts) do
    if natives(dir) == natives(facts.apps[app].dir), do: [], else: [refuse("NativeCodeChanged", "native files of #{app} #{vsn} are not those that run")]
  end

  defp natives(dir) do
    for file <- Path.wildcard(dir <> "/priv/**/*.{so,node}"), into: %{}, do: {Path.relative_to(file, dir), :erlang.md5(File.read!(file))}
  end

  defp start_modules(release, facts) do
    for {app, _, dir} <- release.changed, {mod, _} <- [spec(app, dir)[:mod] || {nil, nil}], was = facts.apps[app].mod, is_atom(was), (mod || []) != was do
      refuse("StartModuleChanged", "#{app} starts with #{inspect(mod)} instead of #{inspect(was)}", "ModuleSwap")
    end
  end

  defp tree(release) do
    for {module, _} <- release.modules, %{behaviours: behaviours} <- [release.running[module] || %{}], Enum.any?(behaviours, &(&1 in @tree)) do
      refuse("SupervisionChanged", "#{inspect(module)}, which supervises, changes: what it started would stay as it is", "ModuleSwap")
    end
  end

  defp lingering(release) do
    for {module, _} <- release.modules ++ release.protocols, release.running[module][:lingers] do
      refuse("OldCodeInUse", "a process still runs code of #{inspect(module)} that was replaced before")
    end
  end

  # What needs code of its own to be loaded (on_load) is native in all but name.
  defp loadable(release) do
    case :code.prepare_loading(for {module, file} <- release.modules, do: {module, to_charlist(file), File.read!(file)}) do
      {:ok, _} -> []
      {:error, found} -> for {module, why} <- found, do: refuse("NativeCodeChanged", "#{inspect(module)} cannot be loaded into a running node: #{why}")
    end
  end

  defp relup(release, facts) do
    cond do
      facts.handler == nil -> [refuse("NoReleaseHandler", "sasl does not run: add it to the release's applications", "Relup")]
      not current?(facts) -> [refuse("NoReleaseHandler", "release_handler does not know that #{facts.running} runs", "Relup")]
      true -> script_refusals(release, facts)
    end
  end

  defp current?(facts) do
    Enum.any?(facts.handler, fn {vsn, status} -> vsn == facts.running and status in [:current, :permanent] end)
  end

  defp script_refusals(release, facts) do
    case script(release, facts) do
      nil -> [refuse("NoRelup", "no relup leads from #{facts.running} to #{release.version}", "Relup")]
      {_, steps} -> if Enum.any?(steps, &(&1 in [:restart_emulator, :restart_new_emulator])), do: [refuse("RestartsNode", "the relup restarts the node", "Relup")], else: []
    end
  end

  @doc "The instructions that lead there, `{:up | :down, list}`: from the new release's relup, or back by the running one's."
  def script(release, facts) do
    up = with {:ok, [{_, ups, _}]} <- consult(release, release.version), do: instructions(ups, facts.running)
    down = with {:ok, [{_, _, downs}]} <- consult(release, facts.running), do: instructions(downs, release.version)

    cond do
      is_list(up) -> {:up, up}
      is_list(down) -> {:down, down}
      true -> nil
    end
  end

  defp consult(release, version), do: :file.consult(to_charlist(Path.join([release.root, "releases", version, "relup"])))

  defp instructions(list, version) do
    Enum.find_value(list, fn {vsn, _, steps} -> if to_string(vsn) == version, do: steps end)
  end

  # Only the newer version knows how its state came about.
  defp downgrade(release, facts) do
    with {:ok, new} <- Version.parse(release.version), {:ok, old} <- Version.parse(facts.running), :lt <- Version.compare(new, old) do
      [refuse("Downgrade", "#{release.version} is older than #{facts.running}; only a relup leads back", "ModuleSwap")]
    else
      _ -> []
    end
  end
end
