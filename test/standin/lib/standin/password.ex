defmodule Standin.Password do
  @moduledoc "Stores passwords as PBKDF2 hashes, as text: iterations, salt, hash."

  @iterations 20_000

  def hash(password) do
    salt = :crypto.strong_rand_bytes(16)
    Enum.join([@iterations, Base.encode64(salt), Base.encode64(derive(password, salt, @iterations))], "$")
  end

  @doc "False for a hash that is not there, too."
  def valid?(password, stored) when is_binary(password) and is_binary(stored) do
    [iterations, salt, hash] = String.split(stored, "$")
    derived = derive(password, Base.decode64!(salt), String.to_integer(iterations))
    :crypto.hash_equals(derived, Base.decode64!(hash))
  end

  def valid?(_, _), do: false

  defp derive(password, salt, iterations), do: :crypto.pbkdf2_hmac(:sha512, password, salt, iterations, 64)
end
