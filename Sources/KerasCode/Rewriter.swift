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
      || other.batchSize != description.batchSize || other.name != description.name
      || other.wiring != description.wiring
    let compileChanged = other.compilation != description.compilation
    guard modelChanged || compileChanged else { return source.text(0..<source.scalars.count) }
    var writer = CodeWriter(style)
    var edits: [(range: Range<Int>, text: String)] = []
    do throws(Printer.Failure) {
      if modelChanged {
        let lines = try writer.model(other, variable).map(\.text)
        edits = makers.map { ($0, $0 == firstMaker ? lines.joined(separator: "\n") : "") }
      }
      if compileChanged { edits += try compileEdits(other, &writer) }
    } catch {
      throw RewriteFailure(description: error.description + "; the file stays as it is")
    }
    if modelChanged {
      try checkRemovable(makers)
      try checkUnused()
      guard firstMaker != nil else {
        throw RewriteFailure(description: "no statement that makes the model was found")
      }
    }
    if compileChanged, let compileStatement, !makers.contains(compileStatement) {
      try checkRemovable([compileStatement])
    }
    let missing = missingImports(writer)
    if !missing.isEmpty { edits.append((importPlace..<importPlace, missing)) }
    return applied(edits)
  }

  private var firstMaker: Range<Int>? { makers.min { $0.lowerBound < $1.lowerBound } }

  // MARK: What stays

  private func checkRemovable(_ ranges: [Range<Int>]) throws(RewriteFailure) {
    for range in ranges where busyStatements.contains(range) {
      let line = source.place(of: range.lowerBound).line
      throw RewriteFailure(
        description: "\(source.name):\(line): this statement makes the model and does more;"
          + " the file stays as it is")
    }
  }

  /// Refuses when a statement that stays needs a name that only the model's statements make.
  private func checkUnused() throws(RewriteFailure) {
    let made = statements.filter { makers.contains($0.range) }
    var lost = made.reduce(into: Set<String>()) { $0.formUnion($1.boundNames) }
    lost.remove(variable)
    for statement in keptStatements where statement.range.lowerBound > (firstMaker?.lowerBound ?? 0)
    {
      let used = NameScan.names(in: source, statement.usingRange).subtracting(statement.parameters)
      if let name = used.intersection(lost).min() {
        let line = source.place(of: statement.range.lowerBound).line
        throw RewriteFailure(
          description: "\(source.name):\(line): this statement needs \(name), which the model's"
            + " statements make; the file stays as it is")
      }
      lost.subtract(statement.boundNames)
    }
  }

  private var keptStatements: [Statement] {
    statements.filter { !makers.contains($0.range) && $0.range != compileStatement }
  }

  private func compileEdits(
    _ other: ModelDescription, _ writer: inout CodeWriter
  ) throws(Printer.Failure) -> [(range: Range<Int>, text: String)] {
    var text = ""
    if let compilation = other.compilation {
      text = try writer.compile(compilation, variable, outputs: other.outputNames)
    }
    if let statement = compileStatement {
      // One statement, as a call of a function that builds and compiles: compile anew after it.
      return makers.contains(statement)
        ? [(statement.upperBound..<statement.upperBound, "\n" + text)] : [(statement, text)]
    }
    guard let last = makers.map(\.upperBound).max(), !text.isEmpty else { return [] }
    return [(last..<last, "\n" + text)]
  }

  // MARK: Names

  /// How the program reaches what it imported.
  private var style: Printer.Style {
    var style = Printer.Style()
    let names = imported
    func key(_ path: String) -> String? { names.filter { $0.value == path }.keys.min() }
    let root = key("keras").map { $0 + "." } ?? key("tensorflow").map { $0 + ".keras." } ?? ""
    let byPath = Dictionary(names.map { ($1, $0) }, uniquingKeysWith: { min($0, $1) })
    style.member = { home, kind in
      if let known = byPath["keras.\(home).\(kind)"] { return known }
      if let module = byPath["keras." + home] { return "\(module).\(kind)" }
      if !root.isEmpty { return "\(root)\(home).\(kind)" }
      // Two families have classes of one name; then the module tells them apart.
      let isTaken = names[kind] != nil || (home == "metrics" && LossCatalog.named(kind) != nil)
      return isTaken ? "\(home.split(separator: ".").last ?? "").\(kind)" : kind
    }
    style.sequential = byPath["keras.Sequential"] ?? root + "Sequential"
    style.model = byPath["keras.Model"] ?? root + "Model"
    style.input =
      key("Input") ?? key("keras.layers").map { $0 + ".Input" } ?? root + "Input"
    style.ops = key("keras.ops") ?? (root.isEmpty ? "ops" : root + "ops")
    style.array = (key("numpy") ?? "np") + ".array"
    style.isFunctional = isFunctional
    style.reserved = keptStatements.reduce(into: Set(names.keys)) {
      $0.formUnion(NameScan.names(in: source, $1.range))
    }
    return style
  }

  /// Import lines for names that the program does not know yet.
  private func missingImports(_ writer: CodeWriter) -> String {
    let style = style
    var wanted: [(home: String, name: String)] = []
    func want(_ home: String, _ name: String, _ spelled: String) {
      guard let first = spelled.split(separator: ".").first.map(String.init),
        imported[first] == nil, first == name || first == home.split(separator: ".").last ?? ""
      else { return }
      let path = home.split(separator: ".").map(String.init)
      let line =
        first == name
        ? (home: home, name: name) : (home: path.dropLast().joined(separator: "."), name: first)
      if !wanted.contains(where: { $0 == line }) { wanted.append(line) }
    }
    let text = writer.frame
    if text.contains(.sequential) { want("models", "Sequential", style.sequential) }
    if text.contains(.model) { want("models", "Model", style.model) }
    if text.contains(.input) { want("layers", "Input", style.input) }
    for (home, kind) in writer.members { want(home, kind, style.member(home, kind)) }
    if writer.usesOps { want("ops", "ops", style.ops) }
    let root = usesTensorFlow ? "tensorflow.keras" : "keras"
    var lines = wanted.map { home, name in
      let isModule = home.isEmpty || home == name
      return "from \(isModule ? root : root + "." + home) import \(name)\n"
    }
    if writer.usesArrays, !imported.values.contains("numpy") {
      lines.append("import numpy as np\n")
    }
    lines += writer.modules.sorted().filter { imported[$0] == nil }.map { "import \($0)\n" }
    return lines.joined()
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
