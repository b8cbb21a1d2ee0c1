# On the running node: what it is, and the one process that changes it. Loaded for as
# long as an upgrade takes, and removed by whoever collects the result.
defmodule OrganisationOperator.Hot.Agent do
  @moduledoc false

  # How long a result waits for whoever asked, should that connection have been cut.
  @kept 600_000

  @doc "What the node is made of."
  def facts do
    %{
      erts: to_string(:erlang.system_info(:version)),
      running: running(),
      permanent: permanent(),
      apps: Map.new(Application.loaded_applications(), fn {app, _, vsn} -> {app, app(app, to_string(vsn))} end),
      handler: handler(),
      nodes: Node.list()
    }
  end

  defp app(app, vsn) do
    mod = with {:ok, {mod, _}} <- :application.get_key(app, :mod), do: mod
    dir = with dir when is_list(dir) <- :code.lib_dir(app), do: to_string(dir)
    %{version: vsn, dir: dir, mod: mod}
  end

  # The release whose list of applications is what is loaded; that of the boot, if two are.
  defp running do
    loaded = Map.new(Application.loaded_applications(), fn {app, _, vsn} -> {app, vsn} end)
    {_, booted} = :init.script_id()
    others = root() |> Path.join("releases/*/#{name()}.rel") |> Path.wildcard() |> Enum.map(&Path.basename(Path.dirname(&1)))
    Enum.find([to_string(booted) | others], "", &made_of?(&1, loaded))
  end

  defp made_of?(vsn, loaded) do
    case :file.consult(to_charlist(Path.join([root(), "releases", vsn, "#{name()}.rel"]))) do
      {:ok, [{:release, _, _, apps}]} -> Enum.all?(apps, &(Map.get(loaded, elem(&1, 0), elem(&1, 1)) == elem(&1, 1)))
      _ -> false
    end
  end

  def permanent do
    case File.read(Path.join(root(), "releases/start_erl.data")) do
      {:ok, text} -> text |> String.split() |> List.last()
      _ -> ""
    end
  end

  # What release_handler believes to run; nil where sasl does not.
  defp handler do
    if Process.whereis(:release_handler) do
      for {_, vsn, _, status} <- :release_handler.which_releases(), do: {to_string(vsn), status}
    end
  end

  def root, do: to_string(:code.root_dir())
  def name, do: System.fetch_env!("RELEASE_NAME")

  @doc "Of each module: its checksum, version and whether processes still need what it was before."
  def modules(names) do
    for name <- names, :code.is_loaded(name) != false, into: %{} do
      attributes = name.module_info(:attributes)
      behaviours = Keyword.get_values(attributes, :behaviour) ++ Keyword.get_values(attributes, :behavior)
      vsn = with [one] <- attributes[:vsn], do: one
      {name, %{md5: name.module_info(:md5), vsn: vsn, behaviours: List.flatten(behaviours), lingers: not :code.soft_purge(name)}}
    end
  end

  @doc """
  The processes that hold state of the modules, each with its module. Channels and
  LiveViews of Phoenix put their own module into `$initial_call`. A Task has no state
  that outlives a call, and takes new code at its next one.
  """
  def processes(modules) do
    wanted = MapSet.new(modules)
    for pid <- Process.list(), module <- held(pid), MapSet.member?(wanted, module), not task?(pid), do: {pid, module}
  end

  defp held(pid) do
    case initial_call(pid) do
      {:gen_event, :init_it, _} -> handlers(pid)
      {module, _, _} -> [module]
      nil -> []
    end
  end

  @doc "The callback module that a process says it began in; nil for one that is no OTP process."
  def initial_call(pid) do
    with {:dictionary, entries} <- Process.info(pid, :dictionary),
         {_, {_, _, _} = call} <- List.keyfind(entries, :"$initial_call", 0) do
      call
    else
      _ -> nil
    end
  end

  defp handlers(pid) do
    for handler <- :gen_event.which_handlers(pid), do: if(is_tuple(handler), do: elem(handler, 0), else: handler)
  catch
    _, _ -> []
  end

  defp task?(pid) do
    case Process.info(pid, :current_stacktrace) do
      {_, frames} -> Enum.any?(frames, &(elem(&1, 0) == Task.Supervised))
      _ -> true
    end
  end

  @doc "Copies of the states of at most `most` processes of each module."
  def states(modules, most, timeout) do
    modules
    |> processes()
    |> Enum.group_by(&elem(&1, 1))
    |> Enum.flat_map(fn {_, found} -> Enum.take(found, most) end)
    |> Task.async_stream(fn {pid, module} -> {module, state(pid, timeout)} end, max_concurrency: 16, timeout: :infinity)
    |> Enum.map(fn {:ok, found} -> found end)
    |> Enum.reject(&match?({_, :gone}, &1))
  end

  defp state(pid, timeout) do
    {:ok, :sys.get_state(pid, timeout)}
  catch
    :exit, {:timeout, _} -> :silent
    _, _ -> if Process.alive?(pid), do: :silent, else: :gone
  end

  @doc "Begins, unless something is under way; `collect` waits for the result."
  def begin(version, module, plan), do: if(Process.whereis(__MODULE__), do: :busy, else: spawned(version, module, plan))

  defp spawned(version, module, plan) do
    me = self()

    {pid, ref} =
      spawn_monitor(fn ->
        # The group leader of who asked ends with its connection.
        Process.group_leader(self(), Process.whereis(:user))
        Process.register(self(), __MODULE__)
        send(me, :begun)
        result = run(module, plan)
        answer(Map.put(result, :version, version))
      end)

    receive do
      :begun ->
        Process.demonitor(ref, [:flush])
        :begun

      {:DOWN, ^ref, _, ^pid, _} ->
        :busy
    end
  end

  defp run(module, plan) do
    module.install(plan)
  catch
    kind, reason -> %{outcome: "Failed", message: "the engine itself failed: " <> brief(kind, reason)}
  end

  defp answer(result) do
    receive do
      {:collect, from, ref} -> send(from, {ref, result})
    after
      @kept -> :ok
    end
  end

  @doc "Waits for the result of what was begun; nil if nothing was."
  def collect(timeout) do
    with pid when is_pid(pid) <- Process.whereis(__MODULE__) do
      ref = Process.monitor(pid)
      send(pid, {:collect, self(), ref})

      receive do
        {^ref, result} -> result
        {:DOWN, ^ref, _, _, _} -> nil
      after
        timeout -> :running
      end
    end
  end

  @doc "An error in words that hold no value of the application."
  def brief(_kind, %{__exception__: true, __struct__: struct}), do: inspect(struct)
  def brief(kind, reason) when is_atom(reason), do: "#{kind} #{reason}"
  def brief(kind, reason) when is_tuple(reason) and tuple_size(reason) > 0, do: brief(kind, elem(reason, 0))
  def brief(kind, _reason), do: "#{kind}"

  @doc "Suspends all, or none: a process that does not answer in time is named."
  def suspend(pids, timeout) do
    Enum.reduce_while(pids, {:ok, []}, fn pid, {:ok, done} ->
      try do
        :sys.suspend(pid, timeout)
        {:cont, {:ok, [pid | done]}}
      catch
        _, _ -> if Process.alive?(pid), do: {:halt, {:silent, pid, [pid | done]}}, else: {:cont, {:ok, done}}
      end
    end)
    |> case do
      {:ok, done} ->
        {:ok, done}

      {:silent, pid, done} ->
        resume(done)
        {:silent, pid}
    end
  end

  # Casts, so that a process that only now comes to its suspension is resumed as well.
  def resume(pids), do: for(pid <- pids, do: send(pid, {:system, {self(), make_ref()}, :resume}))

  @doc "Loads what belongs to no application: consolidated protocols."
  def load(binaries) do
    for {module, file, binary} <- binaries do
      :code.soft_purge(module)
      {:module, ^module} = :code.load_binary(module, file, binary)
    end
  end

  @doc "The version that a restart boots: written beside, then renamed."
  def make_permanent(version, erts) do
    known = handler() || []

    if List.keyfind(known, version, 0) in [{version, :current}, {version, :permanent}] do
      :ok = :release_handler.make_permanent(to_charlist(version))
    end

    path = Path.join(root(), "releases/start_erl.data")
    File.write!(path <> ".new", "#{erts} #{version}")
    File.rename!(path <> ".new", path)
  end
end
