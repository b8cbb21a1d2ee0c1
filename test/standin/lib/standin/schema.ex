defmodule Standin.Schema do
  @moduledoc """
  The schema: what an empty database is filled with, and the migrations of each version.

  | version | migration | |
  |--|--|--|
  | 0.1.0 | 20260101 | the structure itself |
  | 0.2.0 | 20260201 | messages get a channel |
  | 0.2.0-slow | 20260210 | takes `STANDIN_MIGRATION_SECONDS` |
  | 0.2.0-failing | 20260220 | fails, and leaves nothing |
  | 0.3.0 | 20260301 | drops the senders' names: cannot be undone |
  """

  alias Standin.Build

  @doc "The structure, in one transaction; it carries its own version, as a dump does."
  def structure do
    """
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE EXTENSION IF NOT EXISTS "uuid-ossp";
    CREATE SCHEMA global;
    CREATE TABLE schema_migrations (version bigint PRIMARY KEY, inserted_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE organizations (
      id bigserial PRIMARY KEY, name text NOT NULL, shortcode text NOT NULL UNIQUE, is_active boolean NOT NULL DEFAULT true);
    CREATE TABLE users (
      id bigserial PRIMARY KEY, name text NOT NULL, phone text NOT NULL UNIQUE, password_hash text NOT NULL);
    CREATE TABLE messages (
      id bigserial PRIMARY KEY, bsp_message_id text NOT NULL UNIQUE, body jsonb NOT NULL, sender_name text,
      inserted_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE global.outbound_nodes (node text PRIMARY KEY, seen_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE global.outbound_jobs (
      id bigserial PRIMARY KEY, message bigint NOT NULL UNIQUE REFERENCES messages, state text NOT NULL DEFAULT 'available',
      milliseconds integer NOT NULL, node text, completed_at timestamptz);
    CREATE TABLE global.outbound_runs (
      id text PRIMARY KEY, job bigint NOT NULL REFERENCES global.outbound_jobs, node text NOT NULL,
      started_at timestamptz NOT NULL DEFAULT now());
    CREATE INDEX outbound_jobs_open ON global.outbound_jobs (id) WHERE state <> 'completed';
    CREATE INDEX outbound_runs_job ON global.outbound_runs (job);
    INSERT INTO schema_migrations (version) VALUES (20260101);
    """
  end

  @doc "The migrations of this release, oldest first: version, up and down."
  def migrations do
    [
      {Build.since?("0.2.0"), 20_260_201, sql("ALTER TABLE messages ADD COLUMN channel text NOT NULL DEFAULT 'whatsapp'"),
       sql("ALTER TABLE messages DROP COLUMN channel")},
      {Build.variant?("slow"), 20_260_210, &slow/1, sql("")},
      {Build.variant?("failing"), 20_260_220, sql("CREATE TABLE half (); SELECT 1 / (count(*) - count(*)) FROM messages"), sql("")},
      {Build.since?("0.3.0"), 20_260_301, sql("ALTER TABLE messages DROP COLUMN sender_name"), :irreversible}
    ]
    |> Enum.filter(&elem(&1, 0))
    |> Enum.map(fn {_, version, up, down} -> {version, up, down} end)
  end

  defp sql(statements), do: fn connection -> Standin.Postgres.script(connection, statements) end

  defp slow(connection) do
    seconds = "STANDIN_MIGRATION_SECONDS" |> System.get_env("60") |> String.to_integer()

    for second <- 1..seconds//1 do
      IO.puts("20260210: #{second} of #{seconds} s")
      {:ok, _} = Standin.Postgres.query(connection, "SELECT pg_sleep(1)")
    end

    {:ok, []}
  end
end
