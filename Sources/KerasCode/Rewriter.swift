import NeuralNets

extension ModelFile {
  /// Why a file cannot be written anew.
  package struct RewriteFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
  }

  /// The file with another model: only the statements that made the model are written anew;
  /// comments, data and fit stay.
  ///
  /// - Throws: `RewriteFailure` when a statement that made the model also did something else.
  package func rewritten(with other: ModelDescription) throws(RewriteFailure) -> String {
    let modelChanged =
      other.layers != description.layers || other.inputShape != description.inputShape
      || other.name != description.name
    let compileChanged = other.compilation != description.compilation
    let style = style
    var edits: [(range: Range<Int>, text: String)] = []
    if modelChanged {
      try checkRemovable(makers)
      guard let first = makers.map(\.lowerBound).min() else {
        throw RewriteFailure(description: "no statement that makes the model was found")
      }
      for maker in makers {
        let isFirst = maker.lowerBound == first
        edits.append((maker, isFirst ? Printer.model(other, variable, style) : ""))
      }
    }
    if compileChanged { try edits += compileEdits(other, style) }
    let missing = missingImports(other)
    if !missing.isEmpty { edits.append((importPlace..<importPlace, missing)) }
    return applied(edits)
  }

  // MARK: What stays

  private func checkRemovable(_ ranges: [Range<Int>]) throws(RewriteFailure) {
    for range in ranges where busyStatements.contains(range) {
      let line = source.place(of: range.lowerBound).line
      throw RewriteFailure(
        description: "\(source.name):\(line): this statement makes the model and does more;"
          + " the file stays as it is")
    }
  }

  private func compileEdits(
    _ other: ModelDescription, _ style: Printer.Style
  ) throws(RewriteFailure) -> [(range: Range<Int>, text: String)] {
    let text = other.compilation.map { Printer.compile($0, variable, style) } ?? ""
    if let statement = compileStatement {
      guard !makers.contains(statement) else {
        // One statement, as a call of a function that builds and compiles: compile anew after it.
        return [(statement.upperBound..<statement.upperBound, "\n" + text)]
      }
      try checkRemovable([statement])
      return [(statement, text)]
    }
    guard let last = makers.map(\.upperBound).max(), !text.isEmpty else { return [] }
    return [(last..<last, "\n" + text)]
  }

  // MARK: Names

  /// How the program reaches what it imported.
  private var style: Printer.Style {
    var style = Printer.Style()
    let names = imported
    let keras = names.filter { $0.value == "keras" }.keys.min()
    let tensorflow = names.filter { $0.value == "tensorflow" }.keys.min()
    let root = keras.map { $0 + "." } ?? tensorflow.map { $0 + ".keras." } ?? ""
    let layers = names.filter { $0.value == "keras.layers" }.keys.min()
    let bare = Set(names.filter { $0.key == $0.value }.keys)
    let prefix = layers.map { $0 + "." } ?? (root.isEmpty ? "" : root + "layers.")
    style.layer = { bare.contains($0) ? $0 : prefix + $0 }
    style.sequential = bare.contains("Sequential") ? "Sequential" : root + "Sequential"
    style.input = bare.contains("Input") ? "Input" : layers.map { $0 + ".Input" } ?? root + "Input"
    style.optimizer = { bare.contains($0) ? $0 : root + (root.isEmpty ? "" : "optimizers.") + $0 }
    style.loss = { bare.contains($0) ? $0 : root + (root.isEmpty ? "" : "losses.") + $0 }
    return style
  }

  /// Import lines for bare names that the program does not know yet.
  private func missingImports(_ other: ModelDescription) -> String {
    let style = style
    var wanted: [(home: String, name: String)] = []
    func want(_ home: String, _ name: String, _ spelled: String) {
      if spelled == name && imported[name] == nil && !wanted.contains(where: { $0.name == name }) {
        wanted.append((home, name))
      }
    }
    want("models", "Sequential", style.sequential)
    if other.inputShape != nil { want("layers", "Input", style.input) }
    for layer in other.layers { want("layers", layer.kind, style.layer(layer.kind)) }
    if let compilation = other.compilation {
      let (optimizer, loss) = (compilation.optimizer, compilation.loss)
      if !optimizer.arguments.spoken.isEmpty, Printer.modules(of: other).isEmpty {
        want("optimizers", optimizer.kind, style.optimizer(optimizer.kind))
      }
      if !loss.arguments.spoken.isEmpty { want("losses", loss.kind, style.loss(loss.kind)) }
    }
    let root = usesTensorFlow ? "tensorflow.keras" : "keras"
    let modules = Printer.modules(of: other).filter { imported[$0] == nil }
    return wanted.map { "from \(root).\($0.home) import \($0.name)\n" }.joined()
      + modules.map { "import \($0)\n" }.joined()
  }

  private var usesTensorFlow: Bool {
    statements.contains { statement in
      switch statement.kind {
      case .importNames(let path, _): path.first == "tensorflow"
      case .importModules(let modules): modules.contains { $0.path.first == "tensorflow" }
      default: false
      }
    }
  }

  /// The line after the last import at the top of the program.
  private var importPlace: Int {
    let imports = statements.filter {
      switch $0.kind {
      case .importNames, .importModules: true
      default: false
      }
    }
    guard let last = imports.last else { return 0 }
    return endOfLine(last.range.upperBound)
  }

  /// The offset after the line break that follows an offset.
  private func endOfLine(_ offset: Int) -> Int {
    var end = offset
    while end < source.scalars.count && source.scalars[end] != "\n" { end += 1 }
    return min(end + 1, source.scalars.count)
  }

  // MARK: Editing

  private func applied(_ edits: [(range: Range<Int>, text: String)]) -> String {
    var result = String.UnicodeScalarView()
    var position = 0
    for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      var range = edit.range
      // What leaves nothing behind takes its line with it, unless something else stands there.
      if edit.text.isEmpty { range = wholeLine(range) ?? range }
      guard range.lowerBound >= position else { continue }
      result.append(contentsOf: source.scalars[position..<range.lowerBound])
      result.append(contentsOf: edit.text.unicodeScalars)
      position = range.upperBound
    }
    result.append(contentsOf: source.scalars[position...])
    return String(result)
  }

  private func wholeLine(_ range: Range<Int>) -> Range<Int>? {
    let start = source.lineStart(of: range.lowerBound)
    let end = endOfLine(range.upperBound)
    let rest = source.text(range.upperBound..<end)
    guard start == range.lowerBound, rest.allSatisfy(\.isWhitespace) else { return nil }
    return start..<end
  }
}
