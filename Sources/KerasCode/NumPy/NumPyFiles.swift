import FileFormats
import Foundation
import Tensors

/// Files that NumPy's functions read and write, inside the program's own folder.
enum NumPyFiles {
  static var functions: [NativeFunction] {
    [
      load, text("loadtxt"), text("genfromtxt"), save, archive("savez"),
      archive("savez_compressed"),
    ]
  }

  // MARK: Writing

  private static var save: NativeFunction {
    NativeFunction("save(file, arr, allow_pickle=True)") { call in
      let bytes = NumPyFile.bytes(of: try stored(call["arr"], at: call.anchor("arr"), call))
      try call.evaluator.host.write(bytes, to: try name(call, ".npy"))
      return .none
    }
  }

  /// `np.savez("data.npz", x=x, y=y)`; arrays without a name are `arr_0`, `arr_1`.
  private static func archive(_ function: String) -> NativeFunction {
    NativeFunction("\(function)(file, *args, **kwds)") { call in
      let given =
        call.rest.enumerated().map { ("arr_\($0)", $1, Complaint.Anchor.argument($0 + 1)) }
        + call.keywords.map { ($0.name, $0.value, .keyword($0.name)) }
      let entries = try given.map { name, value, anchor in
        NumPyArchive.Entry(name: name, array: try stored(value, at: anchor, call))
      }
      try reading(call) {
        try call.evaluator.host.write(
          try NumPyArchive(entries: entries).bytes(compressed: function.hasSuffix("compressed")),
          to: try name(call, ".npz"))
      }
      return .none
    }
  }

  /// The name of a file; NumPy adds the ending where it is left out.
  private static func name(_ call: BoundCall, _ ending: String) throws -> String {
    let name = try call.text("file")
    return name.hasSuffix(ending) ? name : name + ending
  }

  private static func stored(
    _ value: PythonValue, at anchor: Complaint.Anchor, _ call: BoundCall
  ) throws -> NumPyArray {
    let array = try call.evaluator.array(from: value)
    let type: NumPyArray.ElementType? =
      switch array.kind {
      case .bool: .boolean
      case .uint8: .uint8
      case .int8: .int8
      case .uint16: .uint16
      case .int16: .int16
      case .uint32: .uint32
      case .int32: .int32
      case .int64: .int64
      case .float32: .float32
      case .float64: .float64
      case .text, .object: nil
      }
    guard let type else {
      throw Complaint(
        "\(call.function)() of an array of \(array.kind.name)",
        remedy: "arrays of numbers; text is printed", at: anchor)
    }
    return NumPyArray(shape: array.shape, elementType: type, scalars: array.scalars)
  }

  // MARK: Reading

  private static var load: NativeFunction {
    NativeFunction("load(file, allow_pickle=False)") { call in
      let name = try call.text("file")
      let bytes = try call.evaluator.host.read(file: name)
      return try reading(call) {
        guard name.hasSuffix(".npz") else {
          return try call.evaluator.value(array(try NumPyFile.read(bytes, file: name)))
        }
        let table = try call.evaluator.keep(DictionaryObject())
        for entry in try NumPyArchive(parsing: bytes, file: name).entries {
          let key = entry.name.hasSuffix(".npy") ? String(entry.name.dropLast(4)) : entry.name
          table.set(.text(key), try call.evaluator.value(array(entry.array)))
        }
        return .dictionary(table)
      }
    }
  }

  /// Turns what is wrong with a file into a complaint at the argument that names it.
  static func reading<T>(_ call: BoundCall, _ body: () throws -> T) throws -> T {
    do { return try body() } catch let failure as FileFailure {
      throw Complaint(
        "\(failure.place): \(failure.found)", remedy: failure.right, at: .argument(0))
    }
  }

  private static func array(_ stored: NumPyArray) -> NDArray {
    let kind: NDArray.Kind =
      switch stored.elementType {
      case .boolean: .bool
      case .float16, .float32: .float32
      case .float64: .float64
      case .uint8: .uint8
      case .int8: .int8
      case .uint16: .uint16
      case .int16: .int16
      case .uint32: .uint32
      case .int32: .int32
      case .int64, .uint64: .int64
      }
    return NDArray(shape: stored.shape, scalars: stored.scalars, kind: kind)
  }

  // MARK: Text

  /// `np.loadtxt` and `np.genfromtxt`, which differ in how they name the skipped rows and in what
  /// they make of a cell that is no number.
  private static func text(_ name: String) -> NativeFunction {
    let skipping = name == "loadtxt" ? "skiprows" : "skip_header"
    return NativeFunction(
      "\(name)(fname, dtype=None, delimiter=None, \(skipping)=0, usecols=None, comments='#',"
        + "unpack=False)"
    ) { call in
      let file = try call.text("fname")
      let text = String(decoding: try call.evaluator.host.read(file: file), as: UTF8.self)
      let kind = try call.kind() ?? .float64
      let separator = call["delimiter"].isNone ? nil : try call.text("delimiter")
      let comment = call["comments"].isNone ? "" : try call.text("comments")
      let skip = try call.integer(skipping, in: 0...1_000_000_000)
      let columns = call["usecols"].isNone ? nil : try call.integers("usecols")
      var cells: [Cell] = []
      var width: Int?
      var rows = 0
      let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
      for (number, line) in lines.enumerated().dropFirst(skip) {
        let body = comment.isEmpty ? String(line) : line.components(separatedBy: comment)[0]
        guard !body.allSatisfy(\.isWhitespace) else { continue }
        let words = try chosen(split(body, separator), columns, file, number)
        guard width == nil || width == words.count else {
          throw Complaint(
            "\(file), line \(number + 1): \(words.count) columns after \(width ?? 0)",
            remedy: "all rows need as many columns", at: .argument(0))
        }
        width = words.count
        rows += 1
        for word in words {
          cells.append(try cell(word, kind, isStrict: name == "loadtxt", file, number))
        }
      }
      var array = NDArray(shape: [rows * (width ?? 0)], cells: cells).converted(to: kind)
      array = array.reshaped(to: [rows, width ?? 0])
      if width == 1 {
        array = array.reshaped(to: [rows])
      } else if rows == 1 {
        array = array.row(0)
      }
      return try call.evaluator.value(
        try call.boolean("unpack") && array.rank == 2 ? array.transposed([1, 0]) : array)
    }
  }

  private static func split(_ line: String, _ separator: String?) -> [String] {
    guard let separator, !separator.isEmpty else {
      return line.split(whereSeparator: \.isWhitespace).map(String.init)
    }
    return line.components(separatedBy: separator).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  private static func chosen(
    _ words: [String], _ columns: [Int]?, _ file: String, _ line: Int
  ) throws -> [String] {
    guard let columns else { return words }
    return try columns.map { given in
      let i = given < 0 ? given + words.count : given
      guard words.indices.contains(i) else {
        throw Complaint(
          "\(file), line \(line + 1) has \(words.count) columns, not column \(given)",
          at: .keyword("usecols"))
      }
      return words[i]
    }
  }

  private static func cell(
    _ word: String, _ kind: NDArray.Kind, isStrict: Bool, _ file: String, _ line: Int
  ) throws -> Cell {
    guard kind.isNumeric else { return .text(word) }
    if let x = Double(word) { return x.isNaN ? .missing : .number(x) }
    guard !isStrict else {
      throw Complaint(
        "\(file), line \(line + 1): \(PythonFormat.quoted(word)) is not a number",
        remedy: "skip the header with skiprows=1, name the delimiter=',', or read it with pandas",
        at: .argument(0))
    }
    return .missing
  }
}
