defmodule Standin.Web.Socket do
  @moduledoc """
  One open websocket. It answers every text with what `Standin.Conversation` of the
  running version makes of it, and after `subscribe` it also tells of every message that
  any node of the cluster stores.

  A hot upgrade changes the conversation while the socket stays open.
  """

  use GenServer, restart: :temporary, shutdown: 5000
  alias Standin.Conversation

  @scope Standin.PubSub
  # RFC 6455, section 7.4.1.
  @going_away 1001
  @unsupported 1003
  @protocol_error 1002

  def start_link(socket), do: GenServer.start_link(__MODULE__, socket)

  @doc "Accepts the upgrade and moves the connection to a process of its own."
  def take_over(socket, request, protocol) do
    accept = :cow_ws.encode_key(request.headers["sec-websocket-key"] || "")
    chosen = if protocol, do: ["sec-websocket-protocol: ", protocol |> String.split(",") |> hd() |> String.trim(), "\r\n"], else: []
    head = ["HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ", accept, "\r\n"]

    with :ok <- :gen_tcp.send(socket, [head, chosen, "\r\n"]),
         :ok <- :inet.setopts(socket, packet: :raw),
         {:ok, process} <- DynamicSupervisor.start_child(Standin.Web.Sockets, {__MODULE__, socket}),
         :ok <- :gen_tcp.controlling_process(socket, process) do
      send(process, :begin)
      :taken_over
    else
      _ -> :close
    end
  end

  @doc "Tells every subscribed websocket of the cluster."
  def broadcast(text) do
    for process <- :pg.get_members(@scope, :messages), do: send(process, {:broadcast, text})
    :ok
  end

  @impl true
  def init(socket) do
    Process.flag(:trap_exit, true)
    {:ok, %{socket: socket, buffer: "", conversation: Conversation.new()}}
  end

  @impl true
  def handle_info(:begin, state), do: listen(state)
  def handle_info({:tcp, _, data}, state), do: frames(%{state | buffer: state.buffer <> data})
  def handle_info({:tcp_closed, _}, state), do: {:stop, :normal, state}
  def handle_info({:tcp_error, _, _}, state), do: {:stop, :normal, state}

  def handle_info({:broadcast, text}, state) do
    write(state, {:text, text})
    {:noreply, state}
  end

  def handle_info(_, state), do: {:noreply, state}

  @impl true
  def terminate(:normal, state), do: :gen_tcp.close(state.socket)

  def terminate(_reason, state) do
    write(state, {:close, @going_away, "restarting"})
    :gen_tcp.close(state.socket)
  end

  @impl true
  def code_change(from, state, _extra) do
    {:ok, %{state | conversation: Conversation.convert(from, state.conversation)}}
  end

  defp listen(state) do
    case :inet.setopts(state.socket, active: :once) do
      :ok -> {:noreply, state}
      {:error, _} -> {:stop, :normal, state}
    end
  end

  defp frames(state) do
    case :cow_ws.parse_header(state.buffer, %{}, :undefined) do
      :more -> listen(state)
      :error -> close(state, @protocol_error)
      {_type, _fragment, _rsv, length, _mask, rest} when byte_size(rest) < length -> listen(state)
      {type, fragment, rsv, length, mask, rest} -> payload(state, type, fragment, rsv, length, mask, rest)
    end
  end

  defp payload(state, type, :undefined, rsv, length, mask, data) do
    case :cow_ws.parse_payload(data, mask, 0, 0, type, length, :undefined, %{}, rsv) do
      {:ok, text, _utf8, rest} -> received(type, text, %{state | buffer: rest})
      {:ok, code, _reason, _utf8, _rest} -> close(state, code)
      {:error, _} -> close(state, @protocol_error)
    end
  end

  # Messages in several frames: no client of ours sends any.
  defp payload(state, _type, _fragment, _rsv, _length, _mask, _data), do: close(state, @unsupported)

  defp received(:text, "subscribe", state) do
    :pg.join(@scope, :messages, self())
    write(state, {:text, "subscribed"})
    frames(state)
  end

  defp received(:text, text, state) do
    {answer, conversation} = Conversation.answer(text, state.conversation)
    write(state, {:text, answer})
    frames(%{state | conversation: conversation})
  end

  defp received(:ping, content, state) do
    write(state, {:pong, content})
    frames(state)
  end

  defp received(:pong, _content, state), do: frames(state)
  defp received(:close, _content, state), do: close(state, 1000)
  defp received(_binary, _content, state), do: close(state, @unsupported)

  defp close(state, code) do
    write(state, {:close, code, ""})
    {:stop, :normal, state}
  end

  defp write(state, frame), do: :gen_tcp.send(state.socket, :cow_ws.frame(frame, %{}))
end
