# Connects to the running node, and does one thing: prints one line of JSON about it.
defmodule OrganisationOperator.Hot.Driver do
  @moduledoc false
  alias OrganisationOperator.Hot.{Agent, Compare, Rehearse, Relup, Swap}

  @engines [{"Relup", Relup}, {"ModuleSwap", Swap}]
  # Those that no release of an application configures.
  @kept [:kernel, :stdlib, :elixir, :compiler, :sasl, :logger, :iex]

  def main(action, version, options, beams) do
    node = connect()
    load_onto(node, beams)
    conclude(apply(__MODULE__, action, [node, version, Map.new(options)]))
  catch
    # An error of the engine itself is no fault of the release.
    kind, reason -> conclude(%{outcome: "Failed", message: "the engine itself failed: #{Agent.brief(kind, reason)}#{at(__STACKTRACE__)}"})
  end

  defp at(stack), do: for({module, name, _, place} <- Enum.take(stack, 3), into: "", do: " in #{inspect(module)}.#{name}:#{place[:line]}")

  defp conclude(report) do
    IO.puts("\nHOT " <> json(report))
    System.halt(0)
  end

  # No name in the port mapper, no place in the cluster.
  defp connect do
    full = System.fetch_env!("RELEASE_NODE")
    domain = if System.get_env("RELEASE_DISTRIBUTION") == "name", do: :longnames, else: :shortnames
    {:ok, host} = :inet.gethostname()
    [_, host] = if full =~ "@", do: String.split(full, "@"), else: [full, to_string(host)]
    me = String.to_atom("hot-#{System.pid()}@#{host}")
    {:ok, _} = :net_kernel.start(me, %{name_domain: domain, hidden: true, dist_listen: false})
    node = String.to_atom(if full =~ "@", do: full, else: "#{full}@#{host}")
    Node.connect(node) || conclude(%{outcome: "Unreachable", message: "the node #{node} does not answer"})
    node
  end

  # What is under way keeps the code that it runs.
  defp load_onto(node, beams) do
    unless :erpc.call(node, Process, :whereis, [Agent]) do
      for {module, beam} <- beams do
        :erpc.call(node, :code, :purge, [module])
        {:module, ^module} = :erpc.call(node, :code, :load_binary, [module, 'hot', beam])
      end
    end
  end

  defp remove(node) do
    for module <- [Agent, Relup, Swap], function <- [:delete, :purge], do: :erpc.call(node, :code, function, [module])
  end

  def state(node, _version, _options) do
    facts = :erpc.call(node, Agent, :facts, [])
    busy = :erpc.call(node, Process, :whereis, [Agent]) != nil
    unless busy, do: remove(node)
    %{outcome: "Running", running: facts.running, permanent: facts.permanent, busy: busy}
  end

  def check(node, version, options) do
    {report, _plan} = examine(node, version, options)
    remove(node)
    report
  end

  def install(node, version, options) do
    case :erpc.call(node, Agent, :collect, [options.timeout]) do
      %{version: ^version} = result -> concluded(node, result)
      :running -> %{outcome: "Running", message: "an upgrade is under way", busy: true}
      _ -> begin(node, version, options)
    end
  rescue
    error in ErlangError -> if cut?(error.original), do: lost(node, nil), else: reraise(error, __STACKTRACE__)
  catch
    :exit, {:signal, _} -> lost(node, nil)
  end

  defp cut?({:erpc, _}), do: true
  defp cut?({:exception, :undef, [{Agent, _, _, _} | _]}), do: true
  defp cut?(_), do: false

  # The node went down under the question; or somebody else had the answer first and took
  # the operator's code away with it. Whoever asks again hears how it ended.
  defp lost(node, plan) do
    if Node.ping(node) == :pong do
      %{outcome: "Running", message: "somebody else asked, too", busy: true}
    else
      if is_map_key(plan || %{}, :memory), do: Relup.restore(plan)
      restarting()
    end
  end

  defp restarting, do: %{outcome: "Restarting", message: "code could not be changed; the node restarts with the version that it was started with"}

  defp begin(node, version, options) do
    case examine(node, version, options) do
      {%{outcome: "Ready", engine: engine} = report, plan} ->
        {_, module} = List.keyfind(@engines, engine, 0)
        :erpc.call(node, Agent, :begin, [version, module, plan])
        Map.merge(report, waited(node, plan, options.timeout))

      {report, _} ->
        remove(node)
        report
    end
  end

  defp waited(node, plan, timeout) do
    case :erpc.call(node, Agent, :collect, [timeout]) do
      :running -> %{outcome: "Running", busy: true}
      nil -> restarting()
      result -> concluded(node, result)
    end
  rescue
    _ in ErlangError -> lost(node, plan)
  catch
    :exit, {:signal, _} -> lost(node, plan)
  end

  # What a node says of itself while it restarts is of no time.
  defp concluded(_node, %{outcome: "Restarting"} = result), do: Map.delete(result, :version)

  defp concluded(node, result) do
    facts = :erpc.call(node, Agent, :facts, [])
    remove(node)
    result |> Map.delete(:version) |> Map.merge(%{running: facts.running, permanent: facts.permanent})
  end

  def permanent(node, version, _options) do
    facts = :erpc.call(node, Agent, :facts, [])
    if facts.running == version, do: :erpc.call(node, Agent, :make_permanent, [version, facts.erts])
    permanent = :erpc.call(node, Agent, :permanent, [])
    remove(node)
    %{outcome: if(permanent == version, do: "Permanent", else: "Failed"), running: facts.running, permanent: permanent, message: "#{facts.running} runs"}
  end

  # The comparison, and what an engine needs to go on.
  defp examine(node, version, options) do
    facts = :erpc.call(node, Agent, :facts, [])
    call = fn function, arguments -> :erpc.call(node, Agent, function, arguments) end
    report = %{version: version, running: facts.running, permanent: facts.permanent}
    if facts.running == version, do: {Map.put(report, :outcome, "Installed"), nil}, else: weigh(report, facts, call, options)
  end

  defp weigh(report, facts, call, options) do
    release = Compare.release(report.version, facts, call)
    refusals = Compare.refusals(release, facts)
    open = fn engine -> options.engine in [nil, engine] and not Enum.any?(refusals, &(&1.engine in [nil, engine])) end
    engine = Enum.find_value(@engines, fn {name, _} -> if open.(name), do: name end)
    report = Map.merge(report, %{modules: length(release.modules), engine: engine})
    if engine, do: rehearse(report, release, facts, call), else: {refused(report, refusals, options), nil}
  end

  defp refused(report, refusals, options) do
    relevant = Enum.filter(refusals, &(options.engine == nil or &1.engine in [nil, options.engine]))
    Map.merge(report, %{outcome: "Refused", refusals: relevant |> Enum.uniq() |> Enum.take(20)})
  end

  defp rehearse(report, release, facts, call) do
    {direction, changes} = changes(report.engine, release, facts)
    if direction == :down, do: for({module, _, _} <- changes, do: load_running(module, facts, release))
    {count, refusals} = Rehearse.conversions(changes, release, call)
    report = Map.put(report, :rehearsed, count)

    case refusals do
      [] -> {Map.put(report, :outcome, "Ready"), plan(report.engine, release, facts, changes)}
      _ -> {Map.merge(report, %{outcome: "Refused", refusals: refusals}), nil}
    end
  end

  # Going back, the newer code converts: it is the node's.
  defp load_running(module, facts, release) do
    dir = Enum.find_value(release.changed, fn {app, _, dir} -> if File.exists?(Path.join(dir, "ebin/#{module}.beam")), do: facts.apps[app].dir end)
    :code.purge(module)
    {:module, ^module} = :code.load_abs(to_charlist(Path.join(dir, "ebin/#{module}")))
  end

  # {module, version that its states are of, extra}
  defp changes("ModuleSwap", release, _facts) do
    {:up, for(module <- release.affected, do: {module, release.running[module].vsn, []})}
  end

  defp changes("Relup", release, facts) do
    {direction, steps} = Compare.script(release, facts)
    named = for {:code_change, mode, list} <- steps, {module, extra} <- list, do: {module, mode, extra}
    from = fn module -> release.running[module][:vsn] end
    {direction, for({module, mode, extra} <- named, do: {module, if(mode == :down, do: {:down, from.(module)}, else: from.(module)), extra})}
  end

  defp plan("Relup", release, _facts, changes) do
    %{
      version: release.version,
      suspends: Enum.map(changes, &elem(&1, 0)),
      config: config(release),
      protocols: binaries(release.protocols),
      memory: "/dev/shm/hot-#{release.version}-#{System.pid()}"
    }
  end

  defp plan("ModuleSwap", release, facts, changes) do
    %{
      apps: release.changed,
      changed: Enum.map(changes, &elem(&1, 0)),
      versions: Map.new(changes, fn {module, vsn, _} -> {module, vsn} end),
      modules: for({module, file} <- release.modules, do: exchange(module, file, facts, release)),
      protocols: binaries(release.protocols),
      specs: for({app, vsn} <- release.apps, app not in @kept, dir = Path.join(release.root, "lib/#{app}-#{vsn}"), do: {app, Compare.spec(app, dir), dir}),
      config: config(release)
    }
  end

  defp exchange(module, file, facts, release) do
    old = for {app, _, dir} <- release.changed, String.starts_with?(file, dir <> "/"), was = facts.apps[app].dir, do: Path.join([was, "ebin", Path.basename(file)])
    old = Enum.find(old, &(is_map_key(release.running, module) and File.exists?(&1)))
    {module, to_charlist(file), File.read!(file), old && to_charlist(old), old && File.read!(old)}
  end

  defp binaries(files), do: for({module, file} <- files, do: {module, to_charlist(file), File.read!(file)})

  # What was known when the release was built, under what its providers made of this
  # environment when this machine started.
  defp config(release) do
    {:ok, [built]} = :file.consult(to_charlist(Path.join([release.root, "releases", release.version, "sys.config"])))
    resolved = for {app, _} <- release.apps, app not in @kept, do: {app, Application.get_all_env(app)}
    resolved ++ for {app, values} <- built, app in @kept, do: {app, values}
  end

  defp json(map) when is_map(map), do: "{" <> Enum.map_join(map, ",", fn {key, value} -> json(to_string(key)) <> ":" <> json(value) end) <> "}"
  defp json(list) when is_list(list), do: "[" <> Enum.map_join(list, ",", &json/1) <> "]"
  defp json(value) when is_integer(value) or is_boolean(value), do: to_string(value)
  defp json(nil), do: "null"
  defp json(text) when is_binary(text), do: ~s(") <> String.replace(text, ~r/["\\\x00-\x1f]/, fn <<byte>> -> "\\u" <> String.pad_leading(Integer.to_string(byte, 16), 4, "0") end) <> ~s(")
end
