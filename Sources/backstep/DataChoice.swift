import ArgumentParser
import Datasets
import FileFormats

extension ArgumentHelp {
  /// What `--data` of every command takes.
  static var data: ArgumentHelp {
    ArgumentHelp(
      "A data set's name, or a .csv, .npz or .npy file, and options: spiral:arms=3,noise=0.1.",
      discussion: """
        Options of any data: seed, examples, noise, balance=CLASS:SHARE+…, label-noise, outliers, \
        outlier-distance, features=x1^2+x1x2+sin(x1). Of a table: target, missing, encode, ignore, \
        task, delimiter, header. Of a text, series or sound: window. 'data show --help' explains them.
        """)
  }
}

/// What is to be made of data, as options of a command.
struct DataChoice: ParsableArguments {
  @Option(help: "The seed of what is drawn by chance.") var seed: UInt64?
  @Option(name: [.long, .customLong("count")], help: "How many examples.") var examples: Int?
  @Option(help: "Noise: a standard deviation; of measured data in units of the column's own.")
  var noise: Double?
  @Option(help: "The arms of a spiral.") var arms: Int?
  @Option(help: "The turns of a spiral.") var turns: Double?
  @Option(help: "The centers of blobs, gauss and multi-gauss.") var centers: Int?
  @Option(help: "The squares along a side of a checkerboard.") var squares: Int?
  @Option(help: "The rings of rings.") var rings: Int?
  @Option(help: "The users of ratings.") var users: Int?
  @Option(help: "The items of ratings.") var items: Int?
  @Option(help: "The hidden tastes of ratings.") var factors: Int?
  @Option(help: "The share of a class that is kept: setosa:0.2; several joined by +.")
  var balance: String?
  @Option(help: "The share of the examples that get a wrong answer.") var labelNoise: Double?
  @Option(help: "The share of the examples that are moved far away.") var outliers: Double?
  @Option(help: "How many standard deviations outliers are moved (default: 5).")
  var outlierDistance: Double?
  @Option(help: "Further inputs: x1^2, x1x2, sin(x1); several joined by , or +.")
  var features: String?
  @OptionGroup var table: TableChoice

  /// What a text names, with these options over those that it has itself.
  func specification(_ text: String) throws -> DataSpecification {
    var specification = try named(text)
    let numbers: [(String, Double?)] = [
      ("examples", examples.map(Double.init)), ("noise", noise), ("arms", arms.map(Double.init)),
      ("turns", turns), ("centers", centers.map(Double.init)),
      ("squares", squares.map(Double.init)), ("rings", rings.map(Double.init)),
      ("users", users.map(Double.init)), ("items", items.map(Double.init)),
      ("factors", factors.map(Double.init)), ("label-noise", labelNoise),
      ("outliers", outliers), ("outlier-distance", outlierDistance),
    ]
    for case (let name, let number?) in numbers { try specification.set(name, "\(number)") }
    if let seed { try specification.set("seed", "\(seed)") }
    try specification.set([("balance", balance), ("features", features)])
    try table.apply(to: &specification)
    return specification
  }
}

/// What is to be made of a table, as options of a command.
struct TableChoice: ParsableArguments {
  @Option(help: "The column to predict, by name or number (default: the last).")
  var target: String?
  @Option(
    help: ArgumentHelp(
      "What becomes of missing values: drop, mean, median, most-frequent or a number.",
      discussion: "Without it a file with missing values is refused, and they are counted."))
  var missing: String?
  @Option(help: "How words become numbers: one-hot or ordinal (default: one-hot up to 20 words).")
  var encode: String?
  @Option(help: "Columns to leave out; several joined by , or +.") var ignore: String?
  @Option(help: "Whether targets are classes: classification or regression.") var task: String?
  @Option(help: "Between cells: comma, semicolon, tab, pipe or space (default: found out).")
  var delimiter: String?
  @Option(help: "Whether the first row has names: yes or no (default: found out).")
  var header: String?
  @Option(
    help: "The steps of an example: characters of a text, rows of a series, samples of a sound.")
  var window: String?

  func apply(to specification: inout DataSpecification) throws {
    try specification.set([
      ("target", target), ("missing", missing), ("encode", encode), ("ignore", ignore),
      ("task", task), ("delimiter", delimiter), ("header", header),
      ("window", window),
    ])
  }
}

extension DataSpecification {
  /// Sets what was given; a value that is none is a mistake in how the command is used.
  fileprivate mutating func set(_ texts: [(name: String, text: String?)]) throws {
    for case (let name, let text?) in texts {
      do { try set(name, text) } catch {
        throw ValidationError("--\(name) is \(text.spelledOut); \(error.right)")
      }
    }
  }
}

/// What a text names; a file whose own name has a colon and `=` is a file.
func named(_ text: String) throws -> DataSpecification {
  try checkDataName(text)
  return isThere(text) ? DataSpecification(text) : try DataSpecification(parsing: text)
}
