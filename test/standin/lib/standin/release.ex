defmodule Standin.Release do
  @moduledoc """
  What the operator runs with `bin/prod eval`: on a node that is not started, with the
  tenant's environment, one connection and the image of the new version.
  """

  alias Standin.{Password, Postgres, Schema}

  # Everybody can read it in the seed, as with Glific's: it must be replaced before
  # anybody can reach the app.
  @published_phone "917834811114"
  @published_password "Secret1234!"

  @doc "Fills an empty database: structure, migrations, the Organisation and its administrator."
  def bootstrap do
    with_connection(fn connection ->
      if filled?(connection), do: raise("the database is filled already: nothing was changed")
      run!(Postgres.script(connection, Schema.structure()), "loading the structure")
      migrate(connection)
      seed(connection)
      IO.puts("filled")
    end)
  end

  @doc "Brings the schema to this version. Two at once wait for each other."
  def migrate, do: with_connection(&migrate/1)

  @doc "Takes the schema back until `version` is the newest."
  def rollback(version) do
    with_connection(fn connection ->
      applied = applied(connection)

      for {number, _up, down} <- Enum.reverse(Schema.migrations()), number > version, number in applied do
        step(connection, number, down, "DELETE FROM schema_migrations WHERE version = #{number}")
      end
    end)
  end

  @doc "Gives the administrator the password in `ADMIN_PASSWORD`. May run again."
  def set_admin_password do
    password = System.get_env("ADMIN_PASSWORD") || raise("environment variable ADMIN_PASSWORD is missing")

    with_connection(fn connection ->
      sql = "UPDATE users SET password_hash = $1 WHERE phone = $2 RETURNING id"
      [_] = run!(Postgres.query(connection, sql, [Password.hash(password), @published_phone]), "replacing the password")
      IO.puts("the password of #{@published_phone} is replaced")
    end)
  end

  defp with_connection(work) do
    {:ok, _} = Application.ensure_all_started(:ssl)
    connection = run!(connect(3), "connecting to the database")

    try do
      work.(connection)
    after
      Postgres.close(connection)
    end
  end

  # A server that is too busy to answer in time says nothing of the task.
  defp connect(tries) do
    case Postgres.connect(Application.fetch_env!(:standin, :database)) do
      {:error, {:connection, _}} when tries > 1 ->
        Process.sleep(1000)
        connect(tries - 1)

      result ->
        result
    end
  end

  defp migrate(connection) do
    run!(Postgres.query(connection, "SELECT pg_advisory_lock(20260101)", [], :infinity), "waiting for another migration")
    applied = applied(connection)

    for {number, up, _down} <- Schema.migrations(), number not in applied do
      step(connection, number, up, "INSERT INTO schema_migrations (version) VALUES (#{number})")
    end

    IO.puts("schema is at #{connection |> applied() |> Enum.max()}")
  end

  defp step(_connection, number, :irreversible, _record), do: raise("migration #{number} cannot be undone")

  defp step(connection, number, change, record) do
    IO.puts("#{number} begins")
    run!(Postgres.script(connection, "BEGIN"), "migration #{number}")
    run!(change.(connection), "migration #{number}")
    run!(Postgres.script(connection, record <> "; COMMIT"), "migration #{number}")
    IO.puts("#{number} is done")
  end

  defp applied(connection) do
    for [number] <- run!(Postgres.query(connection, "SELECT version FROM schema_migrations"), "reading the schema's version") do
      String.to_integer(number)
    end
  end

  defp filled?(connection) do
    [[found]] = run!(Postgres.query(connection, "SELECT to_regclass('organizations')::text"), "looking at the database")
    found != :null
  end

  defp seed(connection) do
    run!(Postgres.query(connection, "INSERT INTO organizations (name, shortcode) VALUES ('Glific', 'glific')"), "seeding")
    sql = "INSERT INTO users (name, phone, password_hash) VALUES ('NGO Admin', $1, $2)"
    run!(Postgres.query(connection, sql, [@published_phone, Password.hash(@published_password)]), "seeding")
  end

  defp run!({:ok, result}, _doing), do: result
  defp run!({:error, {:sql, state, message}}, doing), do: raise("#{doing}: #{message} (SQLSTATE #{state})")
  defp run!({:error, {:connection, reason}}, doing), do: raise("#{doing}: #{inspect(reason)}")
end
