defmodule Standin.Web.Webhook do
  @moduledoc """
  Takes the provider's messages. Only those are let in whose client lies in
  `GUPSHUP_WEBHOOK_IPS`; the client is the last address of X-Forwarded-For that is not
  private, so what a client writes into that header itself does not count, as long as
  the gateway adds the true address.

  A message is stored before it is acknowledged, and once, whatever the provider
  repeats: its id is unique. With it comes one outbound job, the reply, which takes as
  many milliseconds as `payload.delay` says.
  """

  alias Standin.{Network, Pool}
  alias Standin.Web.Socket

  @text [{"content-type", "text/plain; charset=utf-8"}]

  @doc "The answer to a webhook."
  def receive(request) do
    client = client(request.headers["x-forwarded-for"])

    if client && Network.member?(Application.fetch_env!(:standin, :webhook_networks), client) do
      store(request.body)
    else
      {403, @text, "not an address of the provider\n"}
    end
  end

  defp client(nil), do: nil

  defp client(forwarded) do
    forwarded |> String.split(",") |> Enum.map(&String.trim/1) |> Enum.reverse() |> Enum.find(&(not Network.private?(&1)))
  end

  defp store(body) do
    sql = """
    WITH given AS (SELECT $1::text::jsonb AS body), stored AS (
      INSERT INTO messages (bsp_message_id, body) SELECT body->'payload'->>'id', body FROM given
      ON CONFLICT DO NOTHING RETURNING id
    ), queued AS (
      INSERT INTO global.outbound_jobs (message, milliseconds)
      SELECT stored.id, coalesce((body->'payload'->>'delay')::integer, $2::integer) FROM stored, given RETURNING id
    )
    SELECT stored.id, pg_notify('outbound', queued.id::text) FROM stored, queued
    """

    case Pool.query(Standin.Repo, sql, [body, Application.fetch_env!(:standin, :job_milliseconds)]) do
      {:ok, [[id, _]]} ->
        Socket.broadcast("message #{id}")
        {200, @text, "stored\n"}

      {:ok, []} ->
        {200, @text, "known\n"}

      {:error, {:sql, "2" <> _, message}} ->
        {400, @text, "not a message: #{message}\n"}

      {:error, _} ->
        {503, @text, "the database does not answer\n"}
    end
  end
end
