defmodule Standin.Web.Router do
  @moduledoc """
  What is answered where. Every answer but a webhook's depends on the Host first.

  | path | |
  |--|--|
  | `GET /` | 200 and what serves, when the Organisation exists and is active |
  | `GET /api/v1/version` | 200 and what serves, where a front end has `/` |
  | `POST /api/v1/session` | 200 and a token for the right phone and password, else 401 |
  | `POST /gupshup` | a message of the provider, see `Standin.Web.Webhook` |
  | `/socket`, `/socket/websocket`, `/live/websocket` | websockets, see `Standin.Web.Socket` |
  | `GET /dashboard` | basic auth; no gateway should lead here |
  """

  alias Standin.{Build, Organisation, Password, Pool}
  alias Standin.Web.{Origin, Webhook}

  @text [{"content-type", "text/plain; charset=utf-8"}]
  @json [{"content-type", "application/json"}]
  @websockets ["/socket", "/socket/websocket", "/live/websocket"]

  @doc "The answer to a request: status, headers, body; or `{:upgrade, protocol}`."
  def route(request) do
    case Organisation.find(host(request)) do
      :ok -> dispatch(request.method, request.path, request)
      {:error, :unknown_host} -> {403, @text, "no Organisation answers to this host\n"}
      {:error, :not_active} -> {403, @text, "the Organisation does not exist or is not active\n"}
      {:error, _reason} -> {503, @text, "the database does not answer\n"}
    end
  end

  defp dispatch("GET", "/", _request) do
    if Build.variant?("neverready") do
      {503, @text, "this version never becomes ready\n"}
    else
      serves()
    end
  end

  defp dispatch("GET", "/api/v1/version", _request), do: serves()

  defp dispatch("GET", path, request) when path in @websockets do
    cond do
      String.downcase(request.headers["upgrade"] || "") != "websocket" -> {400, @text, "a websocket is expected here\n"}
      not Origin.allowed?(request.headers["origin"]) -> {403, @text, "this Origin may not open a websocket\n"}
      true -> {:upgrade, request.headers["sec-websocket-protocol"]}
    end
  end

  defp dispatch("POST", "/gupshup", request), do: Webhook.receive(request)

  defp dispatch("POST", "/api/v1/session", request) do
    sql = """
    SELECT given->>'phone', given->>'password', users.password_hash
    FROM (SELECT $1::text::jsonb->'user' AS given) AS body LEFT JOIN users ON users.phone = given->>'phone'
    """

    case Pool.query(Standin.RepoReplica, sql, [request.body]) do
      {:ok, [[phone, password, hash]]} -> session(phone, Password.valid?(password, hash))
      {:error, {:sql, "22" <> _, _}} -> {400, @text, "the body must be JSON\n"}
      {:error, _} -> {503, @text, "the database does not answer\n"}
    end
  end

  defp dispatch("GET", "/dashboard", request) do
    {name, password} = Application.fetch_env!(:standin, :dashboard_login)

    if request.headers["authorization"] == "Basic " <> Base.encode64("#{name}:#{password}") do
      {200, @json, Standin.report()}
    else
      {401, [{"www-authenticate", "Basic realm=\"dashboard\""} | @text], "\n"}
    end
  end

  defp dispatch(_method, _path, _request), do: {404, @text, "nothing is here\n"}

  defp serves, do: {200, @json, ~s({"organisation":"glific","version":"#{Build.version()}","node":"#{node()}"}\n)}

  defp session(_phone, false) do
    {401, @json, ~s({"error":{"status":401,"message":"Invalid phone or password"}}\n)}
  end

  defp session(phone, true) do
    expires = System.os_time(:second) + 30 * 60
    key = Application.fetch_env!(:standin, :secret_key_base)
    signature = :crypto.mac(:hmac, :sha256, key, "#{phone}.#{expires}") |> Base.url_encode64(padding: false)
    {200, @json, ~s({"data":{"access_token":"#{expires}.#{signature}"}}\n)}
  end

  defp host(request), do: (request.headers["host"] || "") |> String.downcase() |> String.replace(~r/:\d+$/, "")
end
