"""Server settings that are given at every start and that no configuration file overrides."""

from confrere.web.postgres.address import Address

# A statement in the log would put what people typed on disk, where no retention rule reaches it. Errors are not
# logged at all, since “invalid input syntax” quotes the input; whoever sent the statement gets the error.
QUIET = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_duration": "off",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_lock_waits": "off",
    "log_autovacuum_min_duration": "-1",
    "log_temp_files": "-1",
    "log_checkpoints": "off",
    "log_connections": "off",
    "log_disconnections": "off",
    "debug_print_parse": "off",
    "debug_print_rewritten": "off",
    "debug_print_plan": "off",
    "shared_preload_libraries": "",
    "logging_collector": "off",
    "log_destination": "stderr",
}


def fixed_settings(address: Address) -> dict[str, str]:
    """No TCP, one private socket, UTC, no text of statements in the log."""
    return {
        "listen_addresses": "",
        "port": str(address.port),
        "unix_socket_directories": quoted(str(address.directory)),
        "unix_socket_permissions": "0700",
        "timezone": "UTC",
        "log_timezone": "UTC",
        **QUIET,
    }


def quoted(path: str) -> str:
    """A path as one element of a comma-separated list setting."""
    return '"' + path.replace('"', '""') + '"'
