defmodule Standin.Network do
  @moduledoc """
  Addresses and networks as they are written in `GUPSHUP_WEBHOOK_IPS`. A CIDR must be
  the network address: 192.0.2.0/24 is one, 192.0.2.10/24 is not.
  """

  # What lies in front of the app (RFC 1918, RFC 4193, loopback): never a client.
  @private ~w(127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 ::1/128 fc00::/7)

  @doc "Reads a list that is separated by commas."
  def parse_list(text) do
    networks = text |> String.split(",") |> Enum.map(&parse(String.trim(&1)))

    case Enum.find(networks, &is_binary/1) do
      nil -> {:ok, networks}
      reason -> {:error, reason}
    end
  end

  @doc "Tells whether an address, in text, lies in one of the networks."
  def member?(networks, text) do
    case address(text) do
      nil -> false
      bits -> Enum.any?(networks, fn {network, length} -> within?(bits, network, length) end)
    end
  end

  @doc "Tells whether an address is one that no client on the internet has."
  def private?(text) do
    {:ok, networks} = parse_list(Enum.join(@private, ","))
    member?(networks, text)
  end

  defp parse(entry) do
    with [text | prefix] when length(prefix) <= 1 <- String.split(entry, "/"),
         bits when is_bitstring(bits) <- address(text),
         {length, ""} when length in 0..bit_size(bits) <- Integer.parse(List.first(prefix) || "#{bit_size(bits)}") do
      <<network::bitstring-size(length), host::bitstring>> = bits
      zero = bit_size(host)
      if host == <<0::size(zero)>>, do: {network, length}, else: "has a CIDR that is not a network address"
    else
      _ -> "has an entry that is neither an address nor a CIDR"
    end
  end

  defp within?(bits, network, length) do
    bit_size(bits) >= length and match?(<<^network::bitstring-size(length), _::bitstring>>, bits)
  end

  defp address(text) do
    case :inet.parse_strict_address(to_charlist(text)) do
      {:ok, {_, _, _, _} = v4} -> v4 |> Tuple.to_list() |> :erlang.list_to_binary()
      {:ok, v6} -> for part <- Tuple.to_list(v6), into: <<>>, do: <<part::16>>
      _ -> nil
    end
  end
end
