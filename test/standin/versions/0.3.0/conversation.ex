defmodule Standin.Conversation do
  @moduledoc """
  What a websocket remembers in 0.3.0: as in 0.2.0, and the last text. Where the node's
  environment says `STANDIN_CODE_CHANGE=fail`, it cannot be converted.
  """

  def new, do: %{count: 0, from: nil, last: nil}

  @doc "The answer to a text: version, number of the text, text."
  def answer(text, state), do: {"0.3.0 #{state.count + 1} #{text}", %{state | count: state.count + 1, last: text}}

  @doc "From 0.2.0's map, and back."
  def convert(from, state) do
    if System.get_env("STANDIN_CODE_CHANGE") == "fail", do: raise("this conversation cannot be converted")

    case from do
      {:down, _} -> Map.delete(state, :last)
      _ -> Map.merge(state, %{from: "0.2.0", last: nil})
    end
  end
end
