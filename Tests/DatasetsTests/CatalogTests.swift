import FileFormats
import Foundation
import Tensors
import Testing

@testable import Datasets

@Suite("Data sets by name")
struct CatalogTests {
  private static let library = DatasetLibrary()

  /// Each data set with its standard settings, made once.
  private static let loaded = Result {
    try Dictionary(uniqueKeysWithValues: library.names.map { ($0, try library.load($0)) })
  }

  private func standard(_ name: String) throws -> Dataset {
    try #require(try Self.loaded.get()[name])
  }

  /// Few examples where a generator can be told so.
  private func few(_ name: String) throws -> [String: Double] {
    let settings = try Self.library.entry(named: name).parameters.map(\.name)
    return settings.contains("examples") ? ["examples": 40] : [:]
  }

  @Test("the library has the generators and the content that comes along")
  func names() {
    #expect(
      Self.library.names == [
        "and", "blobs", "checkerboard", "circle", "copy", "dates", "echo", "gauss", "glyphs",
        "linear", "moons", "multi-gauss", "nand", "number-words", "or", "phantom-scans", "plane",
        "ratings", "recall", "rings", "sensors", "sine", "sort-letters", "spiral", "splice",
        "stories", "tones", "waves", "xor", "yin-yang", "breast_cancer", "co2",
        "diabetes", "digits", "el_nino", "iris", "nile", "sunspots", "us_macro", "wine",
      ])
  }

  @Test("every data set is complete and says where it is from", arguments: library.names)
  func complete(name: String) throws {
    let dataset = try standard(name)
    #expect(dataset.name == name)
    for words in [dataset.title, dataset.summary, dataset.origin, dataset.license] {
      #expect(!words.isEmpty)
    }
    #expect(dataset.inputs.shape == Shape([dataset.count] + dataset.exampleShape.extents))
    #expect(dataset.features.count == dataset.exampleShape.count)
    #expect(dataset.targets.shape[0] == dataset.count)
    #expect(dataset.inputs.scalars.allSatisfy { $0.isFinite })
    #expect(dataset.targets.scalars.allSatisfy { $0.isFinite })
    if let range = dataset.range {
      #expect(dataset.inputs.scalars.allSatisfy { range.contains($0) })
    }
    if let image = dataset.imageShape { #expect(image.count == dataset.exampleShape.count) }
    if let vocabulary = dataset.vocabulary {
      #expect(Set(vocabulary).count == vocabulary.count)
      #expect(Set(dataset.inputs.scalars).isSubset(of: vocabulary.indices.map { Float($0) }))
    }
  }

  @Test("every class has examples, and class numbers are whole", arguments: library.names)
  func classes(name: String) throws {
    let dataset = try standard(name)
    guard let classes = dataset.task.classes else { return }
    #expect(Set(dataset.targets.scalars) == Set(classes.indices.map { Float($0) }))
    #expect(dataset.classCounts.reduce(0, +) == (dataset.targetCount == 1 ? dataset.count : 0))
  }

  @Test("the entry of a data set says what loading gives", arguments: library.names)
  func entries(name: String) throws {
    let (entry, dataset) = (try Self.library.entry(named: name), try standard(name))
    #expect(entry.examples == dataset.count)
    #expect(entry.exampleShape == dataset.exampleShape)
    #expect(entry.task == dataset.task)
    #expect(entry.title == dataset.title)
  }

  @Test("the same name and seed give the same numbers", arguments: library.names)
  func deterministic(name: String) throws {
    let settings = try few(name)
    let first = try Self.library.load(name, settings: settings, seed: 7)
    let again = try Self.library.load(name, settings: settings, seed: 7)
    #expect(again == first && again.fingerprint == first.fingerprint)
    let isGenerated = !(try Self.library.entry(named: name)).parameters.isEmpty
    let isByChance = isGenerated && !["and", "or", "nand"].contains(name)
    let other = try Self.library.load(name, settings: settings, seed: 8)
    #expect((other.fingerprint != first.fingerprint) == isByChance)
  }

  @Test("what a program keeps of a data set, its store gives back", arguments: library.names)
  func kept(name: String) throws {
    let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    var dataset = try Self.library.load(name, settings: few(name))
    try DatasetStore(root: root).save(dataset, as: "mine")
    dataset.name = "mine"
    dataset.notes = []
    #expect(try DatasetLibrary(userRoot: root).load("mine") == dataset)
  }

  @Test(
    "formulas without a library's functions give the bytes they gave before",
    arguments: [
      ("copy", "c11dca59c71427ef"), ("dates", "1dadd5935cb8ecd7"), ("echo", "b77606ceb7f5cd45"),
      ("glyphs", "1a435b8fea3f3aa0"), ("number-words", "098b0efbf2f2d9d7"),
      ("phantom-scans", "83b5e1e9f3846ade"), ("recall", "fd065a2879a42667"),
      ("sensors", "b421b116b144e750"), ("sort-letters", "0a80488c93f314d7"),
      ("stories", "e88d0752b8798937"), ("splice", "9f88d2244c9d5377"),
      ("tones", "531338e24f54a1bc"),
      ("waves", "c77f56359046d0ad"),
    ])
  func digests(name: String, fingerprint: String) throws {
    let dataset = try standard(name)
    #expect(dataset.fingerprint == fingerprint)
  }

  @Test("an exported archive reads back with the same numbers", arguments: library.names)
  func exportArchive(name: String) throws {
    let dataset = try Self.library.load(name, settings: few(name))
    let read = try UserData.parse(try dataset.npz(), type: "npz", file: "\(name).npz")
    #expect(read.fingerprint == dataset.fingerprint)
    #expect(read.imageShape == dataset.imageShape)
    // Which of many numbers are classes, an archive does not say.
    guard dataset.targetCount == 1 else { return }
    #expect(read.task.classes?.count == dataset.task.classes?.count)
  }

  @Test("an exported table reads back with the same numbers", arguments: library.names)
  func exportTable(name: String) throws {
    let dataset = try Self.library.load(name, settings: few(name))
    // The last column is the target of a table.
    guard dataset.targetCount == 1 else {
      #expect(String(decoding: dataset.csv(), as: UTF8.self).contains("\(dataset.targetName) 2,"))
      return
    }
    let read = try UserData.parse(dataset.csv(), type: "csv", file: "\(name).csv")
    #expect(read.inputs == dataset.inputs.reshaped(to: read.inputs.shape))
    #expect(read.features == dataset.features)
    #expect(read.targetName == dataset.targetName)
    // Classes found in words are in alphabetical order, which need not be the data set's own.
    #expect(read.task.classes?.sorted() == dataset.task.classes?.sorted())
    #expect(answers(of: read) == answers(of: dataset))
  }

  /// The targets as words: class names, or numbers.
  private func answers(of dataset: Dataset) -> [String] {
    guard let classes = dataset.task.classes, let numbers = dataset.classNumbers else {
      return dataset.targets.scalars.map { "\($0)" }
    }
    return numbers.map { classes[$0] }
  }

  @Test("digits are eight by eight pixels, the first a zero; iris has 50 flowers a species")
  func content() throws {
    let digits = try Self.library.load("digits").shaped(as: [8, 8, 1])
    #expect(digits.inputs.shape == [1797, 8, 8, 1])
    #expect(digits.inputs[0, 0, 2, 0] == 5 && digits.inputs[0, 1, 3, 0] == 15)
    #expect(digits.targets.scalars.prefix(3) == [0, 1, 2])
    #expect(digits.fingerprint == (try Self.library.load("digits")).fingerprint)
    let iris = try Self.library.load("iris")
    #expect(iris.classCounts == [50, 50, 50])
    #expect(iris.inputs.scalars.prefix(4) == [5.1, 3.5, 1.4, 0.2])
    #expect(throws: Dataset.Failure.self) { try iris.shaped(as: [5]) }
  }

  @Test("xor of four examples is the table")
  func table() throws {
    let xor = try Self.library.load("xor", settings: ["examples": 4])
    #expect(xor.inputs == Tensor(shape: [4, 2], scalars: [0, 0, 0, 1, 1, 0, 1, 1]))
    #expect(xor.targets.scalars == [0, 1, 1, 0])
  }

  @Test("without noise the points obey their formulas")
  func formulas() throws {
    let xor = try Self.library.load("xor", settings: ["noise": 0])
    let circle = try Self.library.load("circle", settings: ["noise": 0])
    let spiral = try Self.library.load("spiral", settings: ["noise": 0, "examples": 101])
    for i in 0..<400 {
      #expect((xor.inputs[i, 0] * xor.inputs[i, 1] < 0) == (xor.targets[i] == 1))
      let radius = hypot(circle.inputs[i, 0], circle.inputs[i, 1])
      #expect(circle.targets[i] == 1 ? (0.69...1.01).contains(radius) : radius < 0.51)
    }
    #expect((0..<101).allSatisfy { hypot(spiral.inputs[$0, 0], spiral.inputs[$0, 1]) < 1 })
    #expect(xor.classCounts == [200, 200] && circle.classCounts == [200, 200])
  }

  @Test("noise spreads the points, turns wind the spiral")
  func settings() throws {
    let still = try Self.library.load("spiral", settings: ["noise": 0])
    let noisy = try Self.library.load("spiral", settings: ["noise": 0.1])
    let shifts = zip(still.inputs.scalars, noisy.inputs.scalars).map { $1 - $0 }
    let deviation = ColumnSummary(name: "shift", numbers: shifts).deviation
    #expect(abs(deviation - 0.1) < 0.01)
    #expect(
      try Self.library.load("spiral", settings: ["noise": 0, "turns": 2]).inputs != still.inputs)
  }

  @Test(
    "settings that do not fit are refused by name",
    arguments: [
      ("spiral", "color", 1.0, "the setting 'color'"), ("xor", "examples", 3, "examples = 3.0"),
      ("xor", "examples", 4.5, "examples = 4.5"), ("moons", "noise", .nan, "noise = nan"),
      ("iris", "noise", 0.1, "settings for data that was measured"),
    ])
  func refusals(name: String, setting: String, value: Double, found: String) {
    let failure = #expect(throws: DatasetLibrary.Failure.self) {
      try Self.library.load(name, settings: [setting: value])
    }
    #expect(failure?.found == found)
  }

  @Test("an unknown name is refused with the known ones")
  func unknown() {
    let failure = #expect(throws: DatasetLibrary.Failure.self) { try Self.library.open("irises") }
    #expect(failure?.right.contains("iris") == true)
  }

  @Test("every parameter's standard value lies in its range", arguments: library.names)
  func parameters(name: String) throws {
    for parameter in try Self.library.entry(named: name).parameters {
      #expect(parameter.range.contains(parameter.standard))
      for end in [parameter.range.lowerBound, parameter.range.upperBound] {
        // Thousands of large examples say no more than a few.
        let isSmall = try standard(name).exampleShape.count <= 4
        var settings = isSmall ? [:] : try few(name)
        if isSmall || parameter.name != "examples" { settings[parameter.name] = end }
        let dataset = try Self.library.load(name, settings: settings)
        #expect(dataset.inputs.scalars.allSatisfy { $0.isFinite })
      }
    }
  }
}

@Suite("A user's own data sets")
struct UserFolderTests {
  private func withFolder(
    _ description: String, _ data: String, _ body: (DatasetLibrary) throws -> Void
  ) throws {
    let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    let folder = root.appending(path: "mine")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    try FileBytes.write(Array(description.utf8), to: folder.appending(path: "dataset.json"))
    try FileBytes.write(Array(data.utf8), to: folder.appending(path: "data.csv"))
    try body(DatasetLibrary(userRoot: root))
  }

  private let description = """
    {"title": "Mine", "description": "Two rows.", "origin": "Here.", "license": "mine",
     "examples": 2, "target": "y", "exampleShape": [1], "range": [0, 4]}
    """

  @Test("a folder beside the content is a data set")
  func folder() throws {
    try withFolder(description, "x,y\n1,0.5\n4,2\n") { library in
      #expect(library.names.last == "mine")
      let dataset = try library.load("mine")
      #expect(dataset.task == .regression)
      #expect(dataset.targets.scalars == [0.5, 2])
      #expect(dataset.range == 0...4)
    }
  }

  @Test("a description that does not fit its data is refused")
  func mismatch() throws {
    try withFolder(description, "x,y\n1,0.5\n") { library in
      let failure = #expect(throws: FileFailure.self) { try library.load("mine") }
      #expect(failure?.place == "mine/data.csv")
    }
  }

  @Test(
    "a damaged description is refused, and the other data sets stay",
    arguments: [
      "", "[]", "{\"title\": 1}", "{\"title\": \"Mine\"}",
      """
      {"title": "Mine", "description": "", "origin": "Here.", "license": "mine", "examples": 2,
       "target": "y", "exampleShape": [-1]}
      """,
      """
      {"title": "Mine", "description": "", "origin": "Here.", "license": "", "examples": 2,
       "target": "y", "exampleShape": [1]}
      """,
    ])
  func damaged(description: String) throws {
    try withFolder(description, "x,y\n1,0.5\n") { library in
      #expect(throws: FileFailure.self) { try library.entry(named: "mine") }
      let iris = try library.load("iris")
      #expect(iris.count == 150)
    }
  }
}
