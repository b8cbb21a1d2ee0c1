# A process in code of a module that was replaced by the same code.
parsed = for text <- ["-module('Elixir.Standin.Build').", "-export([linger/0]).", "linger() -> timer:sleep(infinity), ok."] do
  {:ok, tokens, _} = :erl_scan.string(to_charlist(text))
  {:ok, form} = :erl_parse.parse_form(tokens)
  form
end
{:ok, _, other} = :compile.forms(parsed)
{_, beam, file} = :code.get_object_code(Standin.Build)
{:module, _} = :code.load_binary(Standin.Build, file, other)
pid = spawn(Standin.Build, :linger, [])
wait = fn wait -> if Process.info(pid, :current_function) != {:current_function, {:timer, :sleep, 1}}, do: wait.(wait) end
wait.(wait)
{:module, _} = :code.load_binary(Standin.Build, file, beam)
:persistent_term.put(:lingers, pid)
