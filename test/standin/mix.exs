defmodule Standin.MixProject do
  use Mix.Project

  # "0.2.0", or "0.2.0-failing" for a variant: see Standin.Build.
  @version System.get_env("STANDIN_VERSION", "0.1.0")

  def project do
    [
      app: :standin,
      version: @version,
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      deps: [],
      # Debian has another module scram, in a package that is no application of ours.
      elixirc_options: [ignore_module_conflict: true],
      elixirc_paths: ["lib", "versions/#{hd(String.split(@version, "-"))}"],
      releases: [prod: release()]
    ]
  end

  # sasl brings release_handler; the last two are Debian's, so that nothing is fetched.
  def application do
    [
      mod: {Standin.Application, []},
      extra_applications: [:logger, :sasl, :crypto, :ssl, :runtime_tools, :p1_pgsql, :cowlib]
    ]
  end

  # The cookie is the image's own, the same for every tenant, as with any release
  # that is built once: RELEASE_COOKIE is what keeps tenants apart.
  defp release do
    [
      cookie: "baked-into-the-image",
      include_executables_for: [:unix],
      strip_beams: true,
      steps: [:assemble, &hot_upgrade/1, &reproducible/1]
    ]
  end

  # Puts the appup beside the application, and makes the relup from the release in
  # STANDIN_PREVIOUS.
  defp hot_upgrade(release) do
    appup = "appups/#{release.version}.appup"
    previous = System.get_env("STANDIN_PREVIOUS", "")

    if File.exists?(appup) do
      File.cp!(appup, Path.join(release.path, "lib/standin-#{release.version}/ebin/standin.appup"))
    end

    if previous != "", do: relup(release, previous)
    releases = to_charlist(Path.join(release.path, "releases"))
    rel = releases ++ to_charlist("/#{release.version}/prod.rel")
    # Without this list a node cannot go back to the version that it was started with.
    # No root: the paths in it are relative, since the release may be moved.
    :ok = :release_handler.create_RELEASES([], releases, rel, [])
    release
  end

  defp relup(release, previous) do
    [_erts, old] = previous |> Path.join("releases/start_erl.data") |> File.read!() |> String.split()
    rel = fn root, version -> to_charlist(Path.join(root, "releases/#{version}/prod")) end
    paths = Enum.flat_map([release.path, previous], &Path.wildcard(Path.join(&1, "lib/*/ebin")))

    {:ok, _relup, _module, _warnings} =
      :systools.make_relup(
        rel.(release.path, release.version),
        [rel.(previous, old)],
        [rel.(previous, old)],
        path: Enum.map(paths, &to_charlist/1),
        outdir: to_charlist(Path.dirname(rel.(release.path, release.version))),
        warnings_as_errors: false,
        silent: true
      )
  end

  # The text forms of the boot scripts carry the date; only the binary ones are read.
  defp reproducible(release) do
    release.path |> Path.join("releases/*/*.script") |> Path.wildcard() |> Enum.each(&File.rm!/1)
    release
  end
end
