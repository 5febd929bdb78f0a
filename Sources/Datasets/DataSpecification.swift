import FileFormats
import Foundation

/// Data and what is to be done to it, as one text: `spiral:arms=3,noise=0.2,features=x1^2+x1x2` or
/// `houses.csv:target=price,missing=mean`.
package struct DataSpecification: Hashable, Sendable, CustomStringConvertible {
  package typealias Failure = FileFailure

  /// The name of a data set, or a file.
  package var name: String
  /// What a generator is told, and `noise` and `examples` of any data.
  package var settings: [String: Double] = [:]
  /// What is done to any data; its noise and examples stand in `settings`.
  package var options = DataOptions()
  /// What is made of a table.
  package var table = TableOptions()

  package init(_ name: String) { self.name = name }

  /// The options that any data takes, for help texts.
  package static let optionNames = [
    "seed", "examples", "noise", "balance", "label-noise", "outliers", "outlier-distance",
    "features", "target", "missing", "encode", "ignore", "task", "delimiter", "header",
    "window",
  ]

  /// Reads a text; one without options is a name.
  /// - Throws: `Failure` naming the option that cannot be understood.
  package init(parsing text: String) throws(FileFailure) {
    guard let colon = Self.optionsStart(in: text) else {
      self.init(text)
      return
    }
    self.init(String(text[..<colon]))
    for (key, value) in Self.pairs(text[text.index(after: colon)...]) { try set(key, value) }
  }

  /// The first colon after which a word and `=` follow.
  private static func optionsStart(in text: String) -> String.Index? {
    guard let first = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    return text[first...].indices.first { index in
      guard text[index] == ":" else { return false }
      let rest = text[text.index(after: index)...]
      let word = rest.prefix { $0.isLetter || $0 == "-" || $0 == "_" }
      return !word.isEmpty && rest[word.endIndex...].hasPrefix("=")
    }
  }

  /// `a=1,b=2,3` gives b the value `2,3`: what has no `=` belongs to what stands before it.
  private static func pairs(_ text: Substring) -> [(String, String)] {
    var pairs: [(String, String)] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      if let equals = part.firstIndex(of: "=") {
        pairs.append((String(part[..<equals]), String(part[part.index(after: equals)...])))
      } else if let last = pairs.last {
        pairs[pairs.count - 1].1 = last.1 + "," + part
      }
    }
    return pairs
  }

  /// Sets one option from its text.
  /// - Throws: `Failure` when the value is none for it.
  package mutating func set(_ key: String, _ value: String) throws(FileFailure) {
    let key = key.lowercased().replacingOccurrences(of: "_", with: "-")
    switch key {
    case "seed":
      guard let seed = UInt64(value) else { throw refusal(key, value, "a whole number from 0") }
      options.seed = seed
    case "count": settings["examples"] = try number(key, value)
    case "label-noise": options.labelNoise = try number(key, value)
    case "outliers": options.outliers = try number(key, value)
    case "outlier-distance": options.outlierDistance = try number(key, value)
    case "balance": try setBalance(value)
    case "features": try setFeatures(value)
    default:
      guard try !setTable(key, value) else { return }
      settings[key] = try number(key, value)
    }
  }

  private mutating func setTable(_ key: String, _ value: String) throws(FileFailure) -> Bool {
    switch key {
    case "target": table.target = value
    case "ignore": table.ignored += Self.list(value)
    case "missing":
      guard let missing = TableOptions.Missing(value) else {
        throw refusal(key, value, TableOptions.Missing.choices)
      }
      table.missing = missing
    case "encode":
      guard let encoding = TableOptions.Encoding(rawValue: value) else {
        throw refusal(key, value, "auto, one-hot or ordinal")
      }
      table.encoding = encoding
    case "task":
      guard let task = TableOptions.Wanted(rawValue: value) else {
        throw refusal(key, value, "classification or regression")
      }
      table.task = task
    case "delimiter":
      guard let delimiter = CSVDialect.delimiter(named: value) else {
        throw refusal(key, value, "comma, semicolon, tab, pipe, space or another mark")
      }
      table.delimiter = delimiter
    case "window":
      guard let window = Double(value), (1...100_000).contains(window), window == window.rounded()
      else { throw refusal(key, value, "a whole number from 1 to 100000") }
      table.window = Int(window)
    case "header":
      guard ["yes", "no"].contains(value) else { throw refusal(key, value, "yes or no") }
      table.header = value == "yes"
    default: return false
    }
    return true
  }

  private mutating func setBalance(_ value: String) throws(FileFailure) {
    for part in Self.list(value) {
      guard let colon = part.lastIndex(of: ":"),
        let share = Double(part[part.index(after: colon)...])
      else { throw refusal("balance", value, "a class and the share to keep, as setosa:0.2") }
      options.balance[String(part[..<colon])] = share
    }
  }

  private mutating func setFeatures(_ value: String) throws(FileFailure) {
    for part in Self.list(value) {
      guard let feature = DerivedFeature(part) else {
        throw refusal("features", part, "x1^2, x1x2 or sin(x1), joined by +")
      }
      if !options.features.contains(feature) { options.features.append(feature) }
    }
  }

  private static func list(_ text: String) -> [String] {
    text.split { $0 == "+" || $0 == "," }.map(String.init)
  }

  private func number(_ key: String, _ value: String) throws(FileFailure) -> Double {
    guard let number = Double(value), number.isFinite else {
      throw refusal(key, value, "a number")
    }
    return number
  }

  private func refusal(_ key: String, _ value: String, _ right: String) -> FileFailure {
    FileFailure(
      at: "data '\(name)'", found: "\(key) = '\(value)'", right: "\(key) is \(right)")
  }

  /// The text that reads back as these options.
  package var description: String {
    var parts = settings.sorted { $0.key < $1.key }.map { key, value in
      "\(key)=" + (value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)")
    }
    func add(_ key: String, _ value: String?) { value.map { parts.append("\(key)=\($0)") } }
    let standard = DataOptions()
    add("seed", options.seed == standard.seed ? nil : "\(options.seed)")
    let balance = options.balance.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
    add("balance", balance.isEmpty ? nil : balance.joined(separator: "+"))
    add("label-noise", options.labelNoise == 0 ? nil : "\(options.labelNoise)")
    add("outliers", options.outliers == 0 ? nil : "\(options.outliers)")
    add(
      "outlier-distance",
      options.outlierDistance == standard.outlierDistance ? nil : "\(options.outlierDistance)")
    let features = options.features.map(\.description)
    add("features", features.isEmpty ? nil : features.joined(separator: "+"))
    add("target", table.target)
    add("missing", table.missing == .refuse ? nil : table.missing.text)
    add("encode", table.encoding == .automatic ? nil : table.encoding.rawValue)
    add("ignore", table.ignored.isEmpty ? nil : table.ignored.joined(separator: "+"))
    add("task", table.task?.rawValue)
    add("delimiter", table.delimiter.map(Self.delimiterText))
    add("window", table.window.map { "\($0)" })
    add("header", table.header.map { $0 ? "yes" : "no" })
    return parts.isEmpty ? name : name + ":" + parts.joined(separator: ",")
  }

  /// Data that was read or drawn already, with what is to be done to any data; the name of the result
  /// is the whole specification.
  /// - Throws: `Failure` for options that do not fit the data.
  package func applied(to dataset: Dataset) throws(FileFailure) -> Dataset {
    var settings = settings
    var options = options
    options.noise = settings.removeValue(forKey: "noise") ?? options.noise
    if let count = settings.removeValue(forKey: "examples") {
      guard let whole = Int(exactly: count) else {
        throw Failure(
          at: "data '\(name)'", found: "examples = \(count)", right: "examples is a whole number")
      }
      options.examples = whole
    }
    guard settings.isEmpty else {
      throw Failure(
        at: "data '\(name)'",
        found: "the option \(settings.keys.sorted().joined(separator: ", "))",
        right: "its options are " + Self.optionNames.joined(separator: ", "))
    }
    var result = try options.applied(to: dataset)
    // The name of a file alone, as ever; with options all that opens it again.
    if description != name { result.name = description }
    return result
  }

  private static func delimiterText(_ delimiter: UInt8) -> String {
    CSVDialect.name(of: delimiter).replacingOccurrences(of: "'", with: "")
  }
}
