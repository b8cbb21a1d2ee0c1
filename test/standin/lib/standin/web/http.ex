defmodule Standin.Web.Http do
  @moduledoc """
  HTTP/1.1 on one connection: reads requests one after the other and writes what the
  router answers, until the client leaves or a websocket takes over.
  """

  alias Standin.Web.{Listener, Router, Socket}

  defstruct [:method, :path, :query, headers: %{}, body: ""]

  @idle 75_000
  # As Glific's: media come in as links, uploads as bodies.
  @largest_body 20_000_000
  @reasons %{200 => "OK", 400 => "Bad Request", 401 => "Unauthorized", 403 => "Forbidden", 404 => "Not Found",
             405 => "Method Not Allowed", 411 => "Length Required", 413 => "Content Too Large", 503 => "Service Unavailable"}

  @doc false
  def serve(socket) do
    receive do
      {:yours, ^socket} -> loop(socket)
    end
  end

  @doc false
  def loop(socket) do
    case :gen_tcp.recv(socket, 0, @idle) do
      {:ok, {:http_request, method, {:abs_path, target}, _version}} ->
        case Listener.busy(fn -> answer(socket, to_string(method), target) end) do
          :continue -> __MODULE__.loop(socket)
          :close -> :gen_tcp.close(socket)
          :taken_over -> :ok
        end

      _ ->
        :gen_tcp.close(socket)
    end
  end

  defp answer(socket, method, target) do
    [path | query] = String.split(target, "?", parts: 2)

    with {:ok, headers} <- headers(socket, %{}),
         request = %__MODULE__{method: method, path: path, query: List.first(query), headers: headers},
         {:ok, request} <- body(socket, request) do
      respond(socket, request, Router.route(request))
    else
      {:refuse, status} -> write(socket, status, [], "", "close")
      {:error, _} -> :close
    end
  end

  defp respond(socket, request, {:upgrade, protocol}), do: Socket.take_over(socket, request, protocol)

  defp respond(socket, request, {status, headers, body}) do
    closing = Listener.draining?() or String.downcase(request.headers["connection"] || "") == "close"
    write(socket, status, headers, body, if(closing, do: "close", else: "keep-alive"))
  end

  defp write(socket, status, headers, body, connection) do
    headers = [{"content-length", "#{byte_size(body)}"}, {"connection", connection} | headers]
    lines = for {name, value} <- headers, do: [name, ": ", value, "\r\n"]
    sent = :gen_tcp.send(socket, ["HTTP/1.1 #{status} #{@reasons[status]}\r\n", lines, "\r\n", body])
    if sent == :ok and connection == "keep-alive", do: :continue, else: :close
  end

  defp headers(socket, found) do
    case :gen_tcp.recv(socket, 0, @idle) do
      {:ok, {:http_header, _, name, _, value}} ->
        name = name |> to_string() |> String.downcase()
        headers(socket, Map.update(found, name, value, &(&1 <> ", " <> value)))

      {:ok, :http_eoh} ->
        {:ok, found}

      {:ok, _malformed} ->
        {:refuse, 400}

      error ->
        error
    end
  end

  defp body(_socket, %{headers: %{"transfer-encoding" => _}}), do: {:refuse, 411}

  defp body(socket, request) do
    case Integer.parse(request.headers["content-length"] || "0") do
      {0, ""} -> {:ok, request}
      {length, ""} when length > @largest_body -> {:refuse, 413}
      {length, ""} when length > 0 -> read(socket, request, length)
      _ -> {:refuse, 400}
    end
  end

  defp read(socket, request, length) do
    with :ok <- :inet.setopts(socket, packet: :raw),
         {:ok, body} <- :gen_tcp.recv(socket, length, @idle),
         :ok <- :inet.setopts(socket, packet: :http_bin) do
      {:ok, %{request | body: body}}
    end
  end
end
