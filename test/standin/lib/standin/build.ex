defmodule Standin.Build do
  @moduledoc """
  What was chosen when this release was built: `STANDIN_VERSION`.

  A variant is one of the versions with one fault, written as `0.2.0-<variant>`:

    * `badorigin` - boots, and refuses the tenant's own Origin at its websockets;
    * `needskey` - needs one more variable, `STANDIN_NEW_KEY`;
    * `neverready` - boots, and never answers its health path with 200;
    * `slow` - its migration takes `STANDIN_MIGRATION_SECONDS` (60 without it);
    * `failing` - its migration fails.
  """

  @full Mix.Project.config()[:version]
  @base @full |> String.split("-") |> hd()
  @variant @full |> String.split("-") |> Enum.at(1)

  @doc "The version as it was built, with its variant."
  def version, do: @full

  @doc "Tells whether this release holds what came with `version`."
  def since?(version), do: Version.compare(@base, version) != :lt

  @doc "Tells whether this release is of the variant."
  def variant?(name), do: @variant == name
end
