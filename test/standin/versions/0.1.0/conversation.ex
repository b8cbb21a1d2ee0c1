defmodule Standin.Conversation do
  @moduledoc "What a websocket remembers in 0.1.0: a number."

  def new, do: 0

  @doc "The answer to a text: version, number of the text, text."
  def answer(text, count), do: {"0.1.0 #{count + 1} #{text}", count + 1}

  @doc "Nothing came before this version."
  def convert(_from, count), do: count
end
