import Config

# Also evaluated by bin/prod eval, so a migration checks the environment before any pod
# of the new version starts.
config :standin, Standin.Environment.read!(System.get_env())
