/// A value that Keras code may give to an argument.
package enum ArgumentValue: Hashable, Sendable {
  case none
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case integers([Int])
}

/// What one argument of a layer, loss or optimizer accepts.
///
/// One table of these per class feeds Keras code (names, order, checks), its printer (defaults are
/// left out) and the builder's inspector (ranges, choices, help).
package struct ArgumentSpec: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case boolean
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case choice([String])
    /// Any text, as a layer's name.
    case text
    /// A tuple of positive integers, as a shape.
    case shape
    /// Two integers, or one that stands for both, as a kernel size.
    case pair(ClosedRange<Int>)
  }

  /// As in Keras: `kernel_size`.
  package let name: String
  package let kind: Kind
  /// What Keras assumes when the argument is absent; nil when it must be given.
  package let defaultValue: ArgumentValue?
  /// A few words for the builder and error messages.
  package let help: String
  /// Whether code must name it: in Keras other arguments stand before it.
  package let keywordOnly: Bool

  package init(
    _ name: String, _ kind: Kind, default value: ArgumentValue? = nil, keywordOnly: Bool = false,
    _ help: String
  ) {
    self.name = name
    self.kind = kind
    defaultValue = value
    self.keywordOnly = keywordOnly
    self.help = help
  }

  /// The value in the form this argument keeps it, or nil when it does not fit.
  package func normalized(_ value: ArgumentValue) -> ArgumentValue? {
    if value == .none { return defaultValue == ArgumentValue.none ? value : nil }
    switch (kind, value) {
    case (.boolean, .boolean), (.text, .text): return value
    case (.integer(let range), .integer(let i)): return range.contains(i) ? value : nil
    case (.integer(let range), .number(let x)):
      guard let i = Int(exactly: x), range.contains(i) else { return nil }
      return .integer(i)
    case (.number(let range), .integer(let i)):
      return range.contains(Double(i)) ? .number(Double(i)) : nil
    case (.number(let range), .number(let x)): return range.contains(x) ? value : nil
    case (.choice(let names), .text(let name)):
      return names.contains(name) ? value : nil
    case (.shape, .integers(let extents)): return extents.allSatisfy { $0 > 0 } ? value : nil
    case (.shape, .integer(let i)): return i > 0 ? .integers([i]) : nil
    case (.pair(let range), .integer(let i)):
      return range.contains(i) ? .integers([i, i]) : nil
    case (.pair(let range), .integers(let both)):
      return both.count == 2 && both.allSatisfy(range.contains) ? value : nil
    default: return nil
    }
  }

  /// What would be right, in words: "a whole number from 1 to 65,536".
  package var expectation: String {
    let sort =
      switch kind {
      case .boolean: "True or False"
      case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
      case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
      case .choice(let names): "one of " + names.map { "\"\($0)\"" }.joined(separator: ", ")
      case .text: "a text"
      case .shape: "a tuple of positive whole numbers"
      case .pair(let range):
        "a whole number from \(range.lowerBound) to \(range.upperBound), or a pair of them"
      }
    return defaultValue == ArgumentValue.none ? sort + ", or None" : sort
  }
}

/// The checked arguments of one layer, loss or optimizer: every name known, every value in its form.
package struct Arguments: Hashable, Sendable {
  package private(set) var values: [String: ArgumentValue]
  package let specs: [ArgumentSpec]

  package enum Failure: Error, Hashable, Sendable {
    case missing(ArgumentSpec)
    case unknown(name: String, known: [String])
    case tooMany(given: Int, taken: Int)
    case repeated(name: String)
    case unsuitable(ArgumentSpec, found: ArgumentValue)
  }

  /// Binds arguments as Python does: by position in the order of the specs, then by name.
  package init(
    _ specs: [ArgumentSpec], positional: [ArgumentValue] = [],
    keywords: [(name: String, value: ArgumentValue)] = []
  ) throws(Failure) {
    self.specs = specs
    values = [:]
    let taken = specs.prefix { !$0.keywordOnly }.count
    guard positional.count <= taken else {
      throw .tooMany(given: positional.count, taken: taken)
    }
    for (spec, value) in zip(specs, positional) { try set(spec.name, value) }
    for (name, value) in keywords {
      guard values[name] == nil else { throw .repeated(name: name) }
      try set(name, value)
    }
    for spec in specs where values[spec.name] == nil {
      guard let value = spec.defaultValue else { throw .missing(spec) }
      values[spec.name] = value
    }
  }

  package subscript(name: String) -> ArgumentValue { values[name] ?? .none }

  /// Changes one argument; throws when there is none of that name or the value does not fit.
  package mutating func set(_ name: String, _ value: ArgumentValue) throws(Failure) {
    guard let spec = specs.first(where: { $0.name == name }) else {
      throw .unknown(name: name, known: specs.map(\.name))
    }
    guard let fitting = spec.normalized(value) else {
      throw .unsuitable(spec, found: value)
    }
    values[name] = fitting
  }

  /// The arguments that differ from their defaults, in Keras's order: what code has to say.
  package var spoken: [(name: String, value: ArgumentValue)] {
    specs.compactMap { spec in
      let value = self[spec.name]
      return value == spec.defaultValue ? nil : (spec.name, value)
    }
  }

  package func integer(_ name: String) -> Int {
    guard case .integer(let i) = self[name] else { unfit(name) }
    return i
  }

  package func number(_ name: String) -> Double {
    guard case .number(let x) = self[name] else { unfit(name) }
    return x
  }

  package func boolean(_ name: String) -> Bool {
    guard case .boolean(let flag) = self[name] else { unfit(name) }
    return flag
  }

  package func text(_ name: String) -> String {
    guard case .text(let text) = self[name] else { unfit(name) }
    return text
  }

  package func integers(_ name: String) -> [Int] {
    guard case .integers(let all) = self[name] else { unfit(name) }
    return all
  }

  private func unfit(_ name: String) -> Never {
    preconditionFailure("argument \(name) holds \(self[name]), which its spec does not allow")
  }
}
