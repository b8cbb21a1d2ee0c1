defmodule Standin.Web.Origin do
  @moduledoc """
  Which pages may open a websocket, by the rules of Phoenix's `check_origin`: an entry
  is `https://host`, `//host` for any scheme and port, or `//*.host` for the hosts below.
  A client that sends no Origin is no browser, and is let in.
  """

  @doc "Tells whether an Origin may open a websocket."
  def allowed?(nil), do: true

  def allowed?(origin) do
    given = URI.parse(origin)
    Enum.any?(allowed(), &matches?(URI.parse(&1), given))
  end

  # One that no tenant has.
  defp allowed do
    if Standin.Build.variant?("badorigin"), do: ["https://elsewhere.invalid"], else: Application.fetch_env!(:standin, :origins)
  end

  defp matches?(entry, given) do
    entry.scheme in [nil, given.scheme] and entry.port in [nil, given.port] and host?(entry.host, given.host)
  end

  defp host?("*." <> base, host), do: is_binary(host) and String.ends_with?(host, "." <> base)
  defp host?(expected, host), do: expected == host
end
