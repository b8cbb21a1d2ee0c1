# code_change on copies of live states, in the machine of the new release: a node without
# connections would prove nothing, and the node itself is not touched.
defmodule OrganisationOperator.Hot.Rehearse do
  @moduledoc false

  @most 100
  @patience 2000
  @deadline 10_000

  @doc "Converts copies; returns how many, and one refusal for each module that cannot be."
  def conversions(changes, release, call) do
    states = call.(:states, [Enum.map(changes, &elem(&1, 0)), @most, @patience])
    refused = for {module, group} <- Enum.group_by(states, &elem(&1, 0)), refusal <- converted(module, group, changes, release), do: refusal
    {length(states), refused}
  end

  defp converted(module, group, changes, release) do
    {_, vsn, extra} = List.keyfind(changes, module, 0)
    Code.ensure_loaded!(module)

    Enum.find_value(group, [], fn
      {_, :silent} ->
        [%{reason: "ProcessHung", engine: nil, message: "a process of #{inspect(module)} does not answer within 2 s"}]

      {_, {:ok, state}} ->
        case convert(module, vsn, state, extra) do
          :ok -> nil
          what -> [%{reason: "CodeChangeFailed", engine: nil, message: "code_change of #{inspect(module)} to #{release.version}, tried on a copy: #{what}"}]
        end
    end)
  end

  defp convert(module, vsn, state, extra) do
    task = Task.async(fn -> change(module, vsn, state, extra) end)

    case Task.yield(task, @deadline) || Task.shutdown(task, :brutal_kill) do
      {:ok, result} -> result
      _ -> "it takes longer than 10 s"
    end
  end

  # The three shapes: gen_statem's, gen_event's handlers, gen_server's and its kin.
  defp change(module, vsn, state, extra) do
    cond do
      function_exported?(module, :code_change, 4) -> with({now, data} <- state, do: module.code_change(vsn, now, data, extra)) |> fine()
      not function_exported?(module, :code_change, 3) -> :ok
      handlers?(state) -> Enum.find(for({^module, _, one} <- state, do: fine(module.code_change(vsn, one, extra))), :ok, &(&1 != :ok))
      true -> module.code_change(vsn, state, extra) |> fine()
    end
  rescue
    error -> inspect(error.__struct__) <> at(__STACKTRACE__)
  catch
    kind, _ -> "#{kind}" <> at(__STACKTRACE__)
  end

  defp handlers?(state), do: is_list(state) and state != [] and Enum.all?(state, &match?({module, _, _} when is_atom(module), &1))

  defp fine(result) when is_tuple(result) and elem(result, 0) == :ok, do: :ok
  defp fine(_), do: "it did not return {:ok, state}"

  # Where, and never what: arguments are the application's data.
  defp at([{module, function, arity, place} | _]) do
    arity = if is_list(arity), do: length(arity), else: arity
    " in #{inspect(module)}.#{function}/#{arity}" <> if(place[:line], do: " line #{place[:line]}", else: "")
  end

  defp at(_), do: ""
end
