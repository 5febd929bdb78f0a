import FileFormats

/// Makes class numbers or numbers of a table's target column.
struct TargetReader {
  let column: TextTable.Column
  let rows: [Int]?
  let options: TableOptions
  let knownClasses: [String]?
  /// The place of a row in its file.
  let place: (Int) -> String

  func read() throws(FileFailure) -> (Dataset.Task, [Float]) {
    switch column.values {
    case .words(let words): try read(words)
    case .numbers(let numbers): try read(numbers)
    }
  }

  private func read(_ words: WordColumn) throws(FileFailure) -> (Dataset.Task, [Float]) {
    guard options.task != .regression else {
      let row = column.firstWord ?? 0
      throw FileFailure(
        at: place(row), found: "the text '\(words.word(Int(words.codes[row])))' in the target",
        right: "targets of a regression are numbers")
    }
    let used = Set(rows?.map { words.codes[$0] } ?? words.codes)
    let present = used.map { words.word(Int($0)) }
    let classes = knownClasses ?? Datasets.classes(ofWords: present)
    let positions = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    let numbers = words.words.map { positions[$0].map { Float($0) } }
    var targets: [Float] = []
    targets.reserveCapacity(words.codes.count)
    for row in rows ?? Array(words.codes.indices) {
      guard let number = numbers[Int(words.codes[row])] else {
        throw unknown(words.word(Int(words.codes[row])), row: row, classes)
      }
      targets.append(number)
    }
    return (.classification(classes: classes), targets)
  }

  private func read(_ numbers: [Double]) throws(FileFailure) -> (Dataset.Task, [Float]) {
    var targets: [Float] = []
    targets.reserveCapacity(numbers.count)
    for row in rows ?? Array(numbers.indices) {
      guard Float(numbers[row]).isFinite else {
        throw FileFailure(
          at: place(row), found: "the number \(numbers[row]) in the column '\(column.name)'",
          right: "numbers go up to 3.4e38, as Float32 does")
      }
      targets.append(Float(numbers[row]))
    }
    if let knownClasses { return try numbered(targets, knownClasses) }
    switch options.task {
    case .regression: return (.regression, targets)
    case .classification:
      let distinct = Set(targets)
      guard distinct.count <= 1000 else {
        throw FileFailure(
          at: place(0), found: "\(distinct.count) different numbers as classes",
          right: "there are up to 1000 classes; task = regression predicts numbers")
      }
      return try numbered(targets, distinct.sorted().map(Self.written))
    case nil:
      let task = Datasets.classes(ofNumbers: targets).map {
        Dataset.Task.classification(classes: $0)
      }
      return (task ?? .regression, targets)
    }
  }

  /// Each number's position among classes that are named by numbers.
  private func numbered(
    _ numbers: [Float], _ classes: [String]
  ) throws(FileFailure) -> (Dataset.Task, [Float]) {
    let positions = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    var known: [Float: Float] = [:]
    var targets: [Float] = []
    targets.reserveCapacity(numbers.count)
    for (i, number) in numbers.enumerated() {
      if known[number] == nil {
        guard let position = positions[Self.written(number)] else {
          throw unknown(Self.written(number), row: rows?[i] ?? i, classes)
        }
        known[number] = Float(position)
      }
      targets.append(known[number] ?? 0)
    }
    return (.classification(classes: classes), targets)
  }

  /// A class whose name is a whole number is written without a point.
  private static func written(_ number: Float) -> String {
    Int64(exactly: number).map(String.init) ?? "\(number)"
  }

  private func unknown(_ word: String, row: Int, _ classes: [String]) -> FileFailure {
    FileFailure(
      at: place(row), found: "the class '\(word)' in '\(column.name)'",
      right: "the classes are " + classes.prefix(50).joined(separator: ", "))
  }
}
