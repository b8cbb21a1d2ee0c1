defmodule :scram do
  @moduledoc """
  The functions of RFC 5802 that the PostgreSQL driver calls while it logs in. Debian
  keeps a module of this name in a package that does not load as an application.
  """

  def salted_password(hash, password, salt, iterations) do
    :crypto.pbkdf2_hmac(hash, password, salt, iterations, digest_size(hash))
  end

  def client_key(hash, salted), do: :crypto.mac(:hmac, hash, salted, "Client Key")
  def server_key(hash, salted), do: :crypto.mac(:hmac, hash, salted, "Server Key")
  def stored_key(hash, client_key), do: :crypto.hash(hash, client_key)
  def client_signature(hash, stored_key, message), do: :crypto.mac(:hmac, hash, stored_key, message)
  def server_signature(hash, server_key, message), do: :crypto.mac(:hmac, hash, server_key, message)

  defp digest_size(hash), do: :crypto.hash_info(hash).size
end
