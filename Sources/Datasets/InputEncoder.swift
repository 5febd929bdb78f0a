import FileFormats

/// An input column of a table, made numbers: one column of them, or one for each word.
struct InputColumn {
  enum Source {
    /// What fills a gap stands in `filler`.
    case numbers([Double], filler: Float)
    /// For each word the column that is 1; nil for none of them.
    case oneHot(codes: [Int32], columns: [Int?])
    /// For each word its number.
    case coded(codes: [Int32], numbers: [Float])
  }

  let names: [String]
  let source: Source

  /// Writes the column into row-major `scalars`, beginning with column `position` of `width`.
  func write(into scalars: inout [Float], width: Int, at position: Int, rows: [Int]?) {
    let count = width > 0 ? scalars.count / width : 0
    func each(_ body: (_ place: Int, _ row: Int) -> Void) {
      if let rows {
        for i in 0..<count { body(i * width + position, rows[i]) }
      } else {
        for i in 0..<count { body(i * width + position, i) }
      }
    }
    scalars.withUnsafeMutableBufferPointer { scalars in
      switch source {
      case .numbers(let numbers, let filler):
        each { scalars[$0] = numbers[$1].isNaN ? filler : Float(numbers[$1]) }
      case .oneHot(let codes, let columns):
        each { place, row in
          if let column = columns[Int(codes[row])] { scalars[place + column] = 1 }
        }
      case .coded(let codes, let numbers):
        each { scalars[$0] = numbers[Int(codes[$1])] }
      }
    }
  }
}

/// Makes numbers of one input column, as the options say.
struct InputEncoder {
  // More columns than this from one would hide all others.
  private static let (mostAutomatic, mostOneHot) = (20, 1000)

  let column: TextTable.Column
  let kind: ColumnKind
  let rows: [Int]?
  let options: TableOptions
  let file: String
  let line: (Int) -> Int

  func encode(_ notes: inout [String]) throws(FileFailure) -> InputColumn {
    switch column.values {
    case .numbers(let numbers): try encode(numbers, &notes)
    case .words(let words): try encode(words, &notes)
    }
  }

  // MARK: - Numbers

  private func encode(
    _ numbers: [Double], _ notes: inout [String]
  ) throws(FileFailure) -> InputColumn {
    if let row = numbers.firstIndex(where: { !$0.isNaN && !Float($0).isFinite }) {
      throw FileFailure(
        at: "\(file):\(line(row))",
        found: "the number \(numbers[row]) in the column '\(column.name)'",
        right: "numbers go up to 3.4e38, as Float32 does")
    }
    let present = column.missing > 0 ? (rows.map { $0.map { numbers[$0] } } ?? numbers) : []
    let known = present.filter { !$0.isNaN }
    let gaps = present.count - known.count
    guard gaps > 0 else {
      return InputColumn(names: [column.name], source: .numbers(numbers, filler: 0))
    }
    let filler = try filler(known)
    notes.append(
      "'\(column.name)': \(gaps) missing became \(Float(filler)) (\(options.missing.text))")
    return InputColumn(names: [column.name], source: .numbers(numbers, filler: Float(filler)))
  }

  private func filler(_ known: [Double]) throws(FileFailure) -> Double {
    if case .constant(let number) = options.missing { return number }
    guard !known.isEmpty else {
      throw FileFailure(
        at: file, found: "no value at all in the column '\(column.name)'",
        right: "leave the column out: ignore = \(column.name)")
    }
    switch options.missing {
    case .median:
      let sorted = known.sorted()
      return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    case .mostFrequent:
      let counts = Dictionary(known.map { ($0, 1) }, uniquingKeysWith: +)
      // The smallest of several that are equally frequent.
      return counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 0
    default: return known.reduce(0, +) / Double(known.count)
    }
  }

  // MARK: - Words

  private func encode(
    _ words: WordColumn, _ notes: inout [String]
  ) throws(FileFailure) -> InputColumn {
    let known = (0..<words.wordCount).filter { !words.isMissing[$0] }
    try checkWords(words, known)
    let sorted = known.sorted { words.word($0) < words.word($1) }
    let filler = filler(words, known, &notes)
    if kind == .boolean, options.encoding == .automatic,
      let pair = BooleanWord.pair(known.map(words.word))
    {
      var numbers = words.words.map { $0.lowercased() == pair.yes ? 1 as Float : 0 }
      for code in numbers.indices where words.isMissing[code] {
        numbers[code] = filler.code.map { numbers[$0] } ?? filler.number
      }
      return InputColumn(names: [column.name], source: .coded(codes: words.codes, numbers: numbers))
    }
    var places = [Int?](repeating: nil, count: words.wordCount)
    for (place, code) in sorted.enumerated() { places[code] = place }
    for code in places.indices where words.isMissing[code] {
      places[code] = filler.code.flatMap { places[$0] }
    }
    guard options.encoding != .ordinal else {
      notes.append("'\(column.name)' became 0 to \(known.count - 1) in alphabetical order")
      let numbers = places.map { $0.map { Float($0) } ?? filler.number }
      return InputColumn(names: [column.name], source: .coded(codes: words.codes, numbers: numbers))
    }
    notes.append("'\(column.name)' became \(known.count) columns of 0 and 1")
    return InputColumn(
      names: sorted.map { "\(column.name)=\(words.word($0))" },
      source: .oneHot(codes: words.codes, columns: places))
  }

  /// What stands for a missing word: the most frequent word, or a number that is asked for.
  private func filler(
    _ words: WordColumn, _ known: [Int], _ notes: inout [String]
  ) -> (code: Int?, number: Float) {
    guard column.missing > 0, options.missing != .dropRows else { return (nil, 0) }
    if case .constant(let number) = options.missing { return (nil, Float(number)) }
    let most = known.max { words.counts[$0] < words.counts[$1] }
    if let most {
      notes.append(
        "'\(column.name)': \(column.missing) missing became '\(words.word(most))'")
    }
    return (most, 0)
  }

  private func checkWords(_ words: WordColumn, _ known: [Int]) throws(FileFailure) {
    let numeric = known.filter { Double(words.word($0)) != nil }
      .reduce(0) { $0 + words.counts[$1] }
    let all = known.reduce(0) { $0 + words.counts[$1] }
    let row = column.firstWord ?? 0
    let place = "\(file):\(line(row))"
    guard options.encoding != .automatic || numeric * 2 < all else {
      throw FileFailure(
        at: place,
        found: "the text '\(shown(words, row))' in the input column '\(column.name)'",
        right: "most of its cells are numbers: mend the cell, or leave the column out: "
          + "ignore = \(column.name)")
    }
    let most = options.encoding == .automatic ? Self.mostAutomatic : Self.mostOneHot
    let isTooWide = options.encoding != .ordinal && known.count > most
    guard isTooWide || options.encoding == .automatic && kind == .date else { return }
    throw FileFailure(
      at: place,
      found: "\(known.count) different \(kind == .date ? "dates" : "words") in the input column "
        + "'\(column.name)', '\(shown(words, row))' first",
      right: "leave it out: ignore = \(column.name); or choose encode = ordinal"
        + (known.count <= Self.mostOneHot ? " or one-hot" : ""))
  }

  private func shown(_ words: WordColumn, _ row: Int) -> String {
    let word = words.word(Int(words.codes[row]))
    return word.count > 60 ? word.prefix(59) + "…" : word
  }
}
