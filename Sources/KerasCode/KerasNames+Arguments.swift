import NeuralNets

// How the arguments of a call become those of a layer, loss or optimizer.

extension KerasNames {
  /// Checks arguments against their specs and says what is wrong in words.
  static func component(
    _ kind: String, _ specs: [ArgumentSpec], _ given: CallArguments
  ) throws
    -> Component
  {
    func converted(
      _ value: PythonValue, _ anchor: Complaint.Anchor, _ name: String?
    ) throws
      -> ArgumentValue
    {
      guard let result = argument(value) else {
        let spec = specs.first { $0.name == name }
        throw Complaint(
          "\(kind)() got \(value.described)" + (name.map { " for \"\($0)\"" } ?? ""),
          remedy: spec.map { "it takes " + $0.expectation }, at: anchor)
      }
      return result
    }
    let positional = try given.positional.enumerated().map { i, value in
      try converted(value, .argument(i), i < specs.count ? specs[i].name : nil)
    }
    let keywords = try given.keywords.map { name, value in
      (name: name, value: try converted(value, .keyword(name), name))
    }
    do {
      return Component(
        kind: kind,
        arguments: try Arguments(specs, positional: positional, keywords: keywords))
    } catch {
      throw complaint(error, kind, given, specs)
    }
  }

  private static func complaint(
    _ failure: Arguments.Failure, _ kind: String, _ given: CallArguments, _ specs: [ArgumentSpec]
  ) -> Complaint {
    switch failure {
    case .missing(let spec):
      Complaint(
        "\(kind)() needs \"\(spec.name)\"", remedy: "it is \(spec.help): \(spec.expectation)")
    case .unknown(let name, let known):
      Complaint(
        "\(kind)() has no argument \"\(name)\"",
        remedy: Suggestions.remedy(name, among: known, of: "it"), at: .keyword(name))
    case .tooMany(let count, let taken):
      Complaint(
        "\(kind)() got \(count) arguments without a name",
        remedy: taken == 0 ? "its arguments must be named" : "it takes at most \(taken)",
        at: .argument(taken))
    case .repeated(let name): Complaint("\(kind)() got \"\(name)\" twice", at: .keyword(name))
    case .unsuitable(let spec, let found):
      Complaint(
        "\(kind)() got \(Printer.code(found)) for \"\(spec.name)\"",
        remedy: suggestion(spec, found) ?? "it takes " + spec.expectation,
        at: given.keywords.contains { $0.name == spec.name }
          ? .keyword(spec.name)
          : specs.firstIndex { $0.name == spec.name }.map { .argument($0) } ?? .call)
    }
  }

  private static func suggestion(_ spec: ArgumentSpec, _ found: ArgumentValue) -> String? {
    guard case .choice(let names) = spec.kind, case .text(let text) = found else { return nil }
    return Suggestions.didYouMean(text, among: names)
  }

  /// A value as layers, losses and optimizers keep their arguments.
  private static func argument(_ value: PythonValue) -> ArgumentValue? {
    switch value {
    case .none: return ArgumentValue.none
    case .boolean(let flag): return .boolean(flag)
    case .integer(let i): return .integer(i)
    case .number(let x): return .number(x)
    case .text(let text): return .text(text)
    case .list, .tuple:
      let items = value.sequence ?? []
      let whole = items.compactMap(\.wholeNumber)
      return whole.count == items.count ? .integers(whole) : nil
    case .array(let r) where r.array.rank == 0:
      return argument(NumPy.plain(r.array.scalars[0], r.array.kind))
    case .object(let named as NamedObject): return .text(named.kerasName)
    case .object(let function as NativeFunction): return function.kerasName.map { .text($0) }
    default: return nil
    }
  }
}
