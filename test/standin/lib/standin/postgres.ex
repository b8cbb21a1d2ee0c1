defmodule Standin.Postgres do
  @moduledoc """
  One connection to PostgreSQL, without a process of its own: whoever opened it, calls
  it. Messages are coded, and passwords proven, by Debian's `p1_pgsql`; its own process
  is not used, since it drops notifications and waits for ever after an error.

  An error is `{:error, {:sql, state, message}}`, after which the connection can be used
  on, or `{:error, {:connection, reason}}`, after which it cannot.
  """

  defstruct [:module, :socket, login: nil]

  @timeout 15_000

  @doc "Logs in; `options` are those of `:database` in the application environment."
  def connect(options) do
    with {:ok, socket} <- dial(options),
         {:ok, connection} <- secure(%__MODULE__{module: :gen_tcp, socket: socket}, options[:tls]),
         :ok <- send_message(connection, startup(options)),
         {:ok, connection} <- authenticate(connection, options) do
      {:ok, connection}
    else
      {:error, {_, _}} = error -> error
      {:error, {:sql, _, _}} = error -> error
      {:error, reason} -> {:error, {:connection, reason}}
    end
  end

  @doc "Closes politely."
  def close(connection) do
    send_message(connection, :pgsql_proto.encode_message(:terminate, []))
    connection.module.close(connection.socket)
  end

  @doc """
  Runs one statement with text parameters and returns the rows, as lists of text or
  `:null`.
  """
  def query(connection, sql, parameters \\ [], timeout \\ @timeout) do
    encode = &:pgsql_proto.encode_message/2
    parameters = Enum.map(parameters, &parameter/1)

    messages = [
      encode.(:parse, {"", sql, []}),
      encode.(:bind, {"", "", parameters, [:text]}),
      encode.(:describe, {:portal, ""}),
      encode.(:execute, {"", 0}),
      encode.(:sync, [])
    ]

    with :ok <- send_message(connection, messages), do: rows(connection, [], nil, timeout)
  end

  @doc "Runs a script of statements without parameters, in one transaction."
  def script(connection, sql, timeout \\ :infinity) do
    with :ok <- send_message(connection, :pgsql_proto.encode_message(:squery, sql)) do
      rows(connection, [], nil, timeout)
    end
  end

  @doc "Splits what a socket delivered into notifications `{channel, payload}` and the rest."
  def notifications(data, found \\ [])

  def notifications(<<code, length::32, rest::binary>>, found) when byte_size(rest) >= length - 4 do
    <<payload::binary-size(length - 4), rest::binary>> = rest

    case {code, payload} do
      {?A, <<_process::32, text::binary>>} ->
        [channel, content, ""] = :binary.split(text, <<0>>, [:global])
        notifications(rest, [{channel, content} | found])

      _ ->
        notifications(rest, found)
    end
  end

  def notifications(rest, found), do: {Enum.reverse(found), rest}

  # The driver sends numbers as text, and binaries in their binary form, which is the
  # same as text for text alone: statements cast what they need.
  defp parameter(nil), do: :null
  defp parameter(value), do: value

  defp dial(options) do
    address = to_charlist(options[:host])
    family = if match?({:ok, _}, :inet.parse_ipv6strict_address(address)), do: [:inet6], else: []
    :gen_tcp.connect(address, options[:port], [:binary, active: false, nodelay: true, keepalive: true] ++ family, 5000)
  end

  defp secure(connection, false), do: {:ok, connection}

  defp secure(connection, tls) do
    name = to_charlist(tls[:server_name])
    options = [verify: :verify_peer, cacerts: tls[:cacerts], server_name_indication: name, active: false]

    # SSLRequest has no type, only a length and a code (PostgreSQL manual, "Message Formats").
    with :ok <- send_message(connection, <<8::32, 80_877_103::32>>),
         {:ok, "S"} <- connection.module.recv(connection.socket, 1, 5000),
         {:ok, socket} <- :ssl.connect(connection.socket, options, 5000) do
      {:ok, %{connection | module: :ssl, socket: socket}}
    else
      {:ok, "N"} -> {:error, {:connection, "the server does not speak TLS"}}
      {:error, {:connection, _}} = error -> error
      {:error, reason} -> {:error, {:connection, reason}}
    end
  end

  # plan_cache_mode as Glific sends it: a transaction pooler refuses it.
  defp startup(options) do
    parameters = [
      {"user", options[:username]},
      {"database", options[:database]},
      {"application_name", "standin #{node()}"},
      {"plan_cache_mode", "force_custom_plan"}
    ]

    body = for {name, value} <- parameters, into: <<>>, do: name <> <<0>> <> value <> <<0>>
    <<byte_size(body) + 9::32, 3::16, 0::16, body::binary, 0>>
  end

  defp authenticate(connection, options) do
    with {:ok, code, payload} <- receive_message(connection, 5000) do
      case {code, payload} do
        {?R, <<0::32>>} -> authenticate(connection, options)
        {?R, <<method::32, data::binary>>} -> prove(connection, options, method, data)
        {?E, _} -> {:error, sql_error(payload)}
        {?Z, _} -> {:ok, %{connection | login: nil}}
        _parameter -> authenticate(connection, options)
      end
    end
  end

  defp prove(connection, options, 10, mechanisms) do
    mechanisms = :binary.split(mechanisms, <<0>>, [:global, :trim_all])

    with {:ok, name, first, login} <- :pgsql_sasl.client_new(options[:username], options[:password], mechanisms),
         :ok <- send_message(connection, :pgsql_proto.encode_message(:sasl_initial_response, {name, first})) do
      authenticate(%{connection | login: login}, options)
    end
  end

  defp prove(connection, options, 11, challenge) do
    with {:ok, response, login} <- :pgsql_sasl.client_step(connection.login, challenge),
         :ok <- send_message(connection, :pgsql_proto.encode_message(:sasl_response, response)) do
      authenticate(%{connection | login: login}, options)
    end
  end

  defp prove(connection, options, 12, signature) do
    with :ok <- :pgsql_sasl.client_finish(connection.login, signature), do: authenticate(connection, options)
  end

  defp prove(_connection, _options, method, _data), do: {:error, {:connection, {:authentication, method}}}

  # Everything up to ReadyForQuery belongs to the statement, errors included.
  defp rows(connection, rows, failure, timeout) do
    case receive_message(connection, timeout) do
      {:ok, ?D, <<columns::16, data::binary>>} ->
        rows(connection, [:pgsql_util.datacoldescs(columns, data, []) | rows], failure, timeout)

      {:ok, ?E, payload} ->
        rows(connection, rows, sql_error(payload), timeout)

      {:ok, ?Z, _} ->
        if failure, do: {:error, failure}, else: {:ok, Enum.reverse(rows)}

      {:ok, _, _} ->
        rows(connection, rows, failure, timeout)

      error ->
        error
    end
  end

  defp sql_error(payload) do
    fields = for <<code, text::binary>> <- :binary.split(payload, <<0>>, [:global]), into: %{}, do: {code, text}
    {:sql, fields[?C], fields[?M]}
  end

  defp send_message(connection, data) do
    with {:error, reason} <- connection.module.send(connection.socket, data), do: {:error, {:connection, reason}}
  end

  defp receive_message(connection, timeout) do
    with {:ok, <<code, length::32>>} <- connection.module.recv(connection.socket, 5, timeout),
         {:ok, payload} <- receive_payload(connection, length - 4) do
      {:ok, code, payload}
    else
      {:error, reason} -> {:error, {:connection, reason}}
    end
  end

  defp receive_payload(_connection, 0), do: {:ok, ""}
  defp receive_payload(connection, length), do: connection.module.recv(connection.socket, length, @timeout)
end
