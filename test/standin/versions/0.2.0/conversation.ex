defmodule Standin.Conversation do
  @moduledoc "What a websocket remembers in 0.2.0: a map, also of what it was converted from."

  def new, do: %{count: 0, from: nil}

  @doc "The answer to a text: version, number of the text, text."
  def answer(text, state), do: {"0.2.0 #{state.count + 1} #{text}", %{state | count: state.count + 1}}

  @doc "From 0.1.0's number to a map, and back."
  def convert({:down, _}, %{count: count}), do: count
  def convert(_from, count) when is_integer(count), do: %{count: count, from: "0.1.0"}
  def convert(_from, state), do: state
end
