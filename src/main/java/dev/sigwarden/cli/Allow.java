package dev.sigwarden.cli;

import picocli.CommandLine.Command;

/// `sigwarden allow`: lines of allowlists.
@Command(
    name = "allow",
    description = "Say what was meant to be signed or issued.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {AllowAdd.class, AllowLines.All.class, AllowLines.Revoke.class})
final class Allow extends Group {}
