import Config

config :logger, level: :info
config :logger, :console, format: "$time [$level] $message\n"
config :sasl, sasl_error_logger: false
