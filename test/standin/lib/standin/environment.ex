defmodule Standin.Environment do
  @moduledoc """
  Reads the environment of a tenant, and refuses to go on when anything mandatory is
  missing or malformed: the contract of a Glific deployment, variable by variable.

  An error names the variable and never repeats its value.
  """

  alias Standin.Network

  @mandatory [
    {"SECRET_KEY_BASE", :secret_key_base},
    {"SIGNING_SALT", :text},
    {"CIPHER_KEY", :key},
    {"OLD_CIPHER_KEY", :key},
    {"AUTH_USERNAME", :text},
    {"AUTH_PASSWORD", :text},
    {"BASE_URL", :host},
    {"REQUEST_ORIGIN", :origin},
    {"REQUEST_ORIGIN_WILDCARD", :origin},
    {"GUPSHUP_WEBHOOK_IPS", :networks},
    {"APPSIGNAL_HOSTNAME", :text},
    {"APPSIGNAL_PUSH_API_KEY", :text},
    {"STRIPE_API_KEY", :text},
    {"STRIPE_SIGNING_SECRET", :text}
  ]

  @doc "The application environment, out of that of the operating system."
  def read!(env) do
    mandatory = if Standin.Build.variant?("needskey"), do: @mandatory ++ [{"STANDIN_NEW_KEY", :text}], else: @mandatory
    for {name, format} <- mandatory, do: mandatory!(env, name, format)

    [
      database: database!(env),
      pool_size: integer!(env, "POOL_SIZE", 20),
      http_port: integer!(env, "HTTP_PORT", 4000),
      base_url: env["BASE_URL"],
      origins: origins(env),
      webhook_networks: mandatory!(env, "GUPSHUP_WEBHOOK_IPS", :networks),
      secret_key_base: env["SECRET_KEY_BASE"],
      dashboard_login: {env["AUTH_USERNAME"], env["AUTH_PASSWORD"]},
      cluster_service: env["CLUSTER_SERVICE"],
      shutdown_grace: 1000 * integer!(env, "STANDIN_SHUTDOWN_SECONDS", 60),
      job_milliseconds: integer!(env, "STANDIN_JOB_MILLISECONDS", 100)
    ]
  end

  defp mandatory!(env, name, format) do
    case env[name] do
      absent when absent in [nil, ""] -> refuse!(name, "is missing")
      value -> check!(name, format, value)
    end
  end

  defp check!(_name, :text, value), do: value

  defp check!(name, :secret_key_base, value) do
    if byte_size(value) < 64, do: refuse!(name, "must have at least 64 bytes"), else: value
  end

  defp check!(name, :key, value) do
    case Base.decode64(value) do
      {:ok, <<_::binary-32>> = key} -> key
      _ -> refuse!(name, "must be the base64 of exactly 32 bytes")
    end
  end

  defp check!(name, :host, value) do
    if String.contains?(value, ["/", ":"]), do: refuse!(name, "must be a bare host"), else: value
  end

  defp check!(name, :origin, value) do
    case URI.parse(value) do
      %URI{host: host} when is_binary(host) and host not in ["", "*"] -> value
      _ -> refuse!(name, "must be an origin such as https://host or //*.host")
    end
  end

  defp check!(name, :networks, value) do
    case Network.parse_list(value) do
      {:ok, networks} -> networks
      {:error, reason} -> refuse!(name, reason)
    end
  end

  # TLS is on unless somebody says otherwise; then the authority is mandatory.
  defp database!(env) do
    with %URI{scheme: "ecto", host: host, userinfo: userinfo, path: "/" <> name} = uri <-
           URI.parse(mandatory!(env, "DATABASE_URL", :text)),
         [user, password] when host not in [nil, ""] and name != "" <- String.split(userinfo || "", ":", parts: 2) do
      [
        host: host,
        port: uri.port || 5432,
        database: URI.decode(name),
        username: URI.decode(user),
        password: URI.decode(password),
        tls: tls!(env)
      ]
    else
      _ -> refuse!("DATABASE_URL", "must be ecto://user:password@host:port/database")
    end
  end

  defp tls!(env) do
    case env["ENABLE_DB_SSL"] || "true" do
      "false" -> false
      "true" -> [cacerts: authority!(env), server_name: env["PRIMARY_DB_SERVER_NAME_INDICATION"] || "localhost"]
      _ -> refuse!("ENABLE_DB_SSL", "must be true or false")
    end
  end

  defp authority!(env) do
    with {:ok, pem} <- Base.decode64(mandatory!(env, "PRIMARY_CACERT_ENCODED", :text)),
         [_ | _] = entries <- :public_key.pem_decode(pem) do
      for {:Certificate, der, :not_encrypted} <- entries, do: der
    else
      _ -> refuse!("PRIMARY_CACERT_ENCODED", "must be the base64 of a certificate in PEM")
    end
  end

  defp origins(env) do
    further = String.split(env["REQUEST_ORIGIN_ALIASES"] || "", ",", trim: true)
    Enum.uniq([env["REQUEST_ORIGIN"], env["REQUEST_ORIGIN_WILDCARD"] | further])
  end

  defp integer!(env, name, default) do
    case Integer.parse(env[name] || "#{default}") do
      {number, ""} when number >= 0 -> number
      _ -> refuse!(name, "must be a number")
    end
  end

  defp refuse!(name, reason), do: raise("environment variable #{name} #{reason}")
end
