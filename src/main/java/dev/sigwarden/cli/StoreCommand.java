package dev.sigwarden.cli;

import picocli.CommandLine.Command;

/// `sigwarden store`: the database as a whole.
@Command(
    name = "store",
    description = "Move the database.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "copy",
    subcommands = StoreCopyCommand.class)
final class StoreCommand extends Group {}
