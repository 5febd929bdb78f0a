import NeuralNets

/// A value as Keras code writes it: `0.5`, `"relu"`, `L2(0.03)`, `L1L2(l1=1e-3, l2=0.01)`, `None`.
enum ComponentText {
  /// Why a text is no component of a family.
  struct Failure: Error {
    let problem: String
    let remedy: String
  }

  static func scalar(_ text: String) -> ArgumentValue {
    if let whole = Int(text) { return .integer(whole) }
    if let number = Double(text), number.isFinite { return .number(number) }
    switch text {
    case "True", "true": return .boolean(true)
    case "False", "false": return .boolean(false)
    case "None", "none": return .none
    default: return .text(text.trimmingQuotes)
    }
  }

  /// An object of a family by its class and arguments; nil when the text is no call.
  static func call(_ text: String, _ family: ComponentFamily) throws(Failure) -> Component? {
    guard let open = text.firstIndex(of: "("), text.last == ")" else { return nil }
    let name = text[..<open].split(separator: ".").last.map(String.init) ?? ""
    guard let known = family.named(name) ?? family.named(name.lowercased()) else {
      throw Failure(
        problem: "there is no \(family.rawValue) '\(name)'",
        remedy: "one of " + family.classes.map(\.kind).joined(separator: ", "))
    }
    var positional: [ArgumentValue] = []
    var keywords: [(name: String, value: ArgumentValue)] = []
    for part in text[text.index(after: open)...].dropLast().split(separator: ",") {
      let sides = part.split(separator: "=", maxSplits: 1).map {
        $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      }
      if sides.count == 2 {
        keywords.append((sides[0], scalar(sides[1])))
      } else if let only = sides.first, !only.isEmpty {
        positional.append(scalar(only))
      }
    }
    do {
      return Component(
        kind: known.kind,
        arguments: try Arguments(known.arguments, positional: positional, keywords: keywords))
    } catch {
      throw Failure(
        problem: "\(text) does not fit",
        remedy: known.kind + "("
          + known.arguments.map { "\($0.name)=\($0.expectation)" }.joined(separator: ", ") + ")")
    }
  }

  /// How a family's objects are written, for completion: `L2(`, and names that stand alone.
  static func beginnings(_ family: ComponentFamily) -> [String] {
    family.classes.map { $0.arguments.isEmpty ? $0.shortName : $0.kind + "(" }
  }
}

extension String {
  var trimmingQuotes: String {
    for quote in ["\"", "'"] where count > 1 && hasPrefix(quote) && hasSuffix(quote) {
      return String(dropFirst().dropLast())
    }
    return self
  }
}
