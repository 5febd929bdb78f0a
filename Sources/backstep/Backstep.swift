import ArgumentParser

/// The command line: `backstep` alone opens the lab.
@main
struct Backstep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backstep",
    abstract: "Learn neural networks by stepping through them, forwards and backwards.",
    subcommands: [Open.self, Debug.self], defaultSubcommand: Open.self)
}
