import Datasets
import FileFormats
import Foundation
import Tensors
import Testing

@Suite("A user's sets and points")
struct StoreTests {
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    try body(root)
  }

  @Test("what is saved is a named data set with the same numbers", arguments: ["iris", "sine"])
  func saving(name: String) throws {
    try withFolder { root in
      let store = DatasetStore(root: root)
      let dataset = try DatasetLibrary().open(name + ":label-noise=0.1")
      try store.save(dataset, as: "mine")
      let library = DatasetLibrary(userRoot: root)
      #expect(library.names.last == "mine")
      let read = try library.load("mine")
      #expect(read.fingerprint == dataset.fingerprint && read.task == dataset.task)
      #expect(read.features == dataset.features && read.splitRule == dataset.splitRule)
      try store.remove("mine")
      #expect(!DatasetLibrary(userRoot: root).contains("mine"))
    }
  }

  @Test(
    "names that steer elsewhere, or are taken, are refused", arguments: ["", "../x", "a b", "iris"])
  func names(name: String) throws {
    try withFolder { root in
      let dataset = try DatasetLibrary().load("and")
      #expect(throws: FileFailure.self) { try DatasetStore(root: root).save(dataset, as: name) }
      #expect(throws: FileFailure.self) { try DatasetStore(root: root).remove(name) }
    }
  }

  @Test("points are added, the nearest one removed, and saved points are drawn again")
  func points() throws {
    var drawn = DrawnPoints()
    for (x, y, group) in [(0, 0, 0), (1, 1, 1), (0.5, -1, 0)] as [(Float, Float, Int)] {
      drawn.add(x: x, y: y, group: group)
    }
    drawn.add(x: .nan, y: 0, group: 0)
    drawn.add(x: 0, y: 0, group: 2)
    #expect(drawn.points.count == 3)
    try withFolder { root in
      try DatasetStore(root: root).save(try drawn.dataset(), as: "drawn")
      let read = DrawnPoints(try DatasetLibrary(userRoot: root).load("drawn"))
      #expect(read == drawn)
    }
    #expect(drawn.removeNearest(x: 5, y: 5, within: 1) == nil)
    #expect(drawn.removeNearest(x: 0.9, y: 0.8)?.group == 1)
    #expect(DrawnPoints(try DatasetLibrary().load("iris")) == nil)
  }

  @Test("a folder of classes is a data set, of tables or of arrays")
  func folders() throws {
    try withFolder { root in
      func write(_ path: String, _ bytes: [UInt8]) throws {
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileBytes.write(bytes, to: file)
      }
      try write("t/cat/1.csv", Array("a,b\n1,2\n3,4\n".utf8))
      try write("t/dog/1.csv", Array("a,b\n5,6\n".utf8))
      let table = try UserData.load(root.appending(path: "t"))
      #expect(table.inputs.scalars == [1, 2, 3, 4, 5, 6] && table.features == ["a", "b"])
      #expect(table.task.classes == ["cat", "dog"] && table.classNumbers == [0, 0, 1])
      let one = NumPyFile.bytes(of: NumPyArray(Tensor(shape: [2, 2], scalars: [1, 2, 3, 4])))
      for path in ["n/a/1.npy", "n/a/2.npy", "n/b/1.npy"] { try write(path, one) }
      let arrays = try UserData.load(root.appending(path: "n"))
      #expect(arrays.inputs.shape == [3, 2, 2] && arrays.classNumbers == [0, 0, 1])
      try write("s/a/all.npy", one)
      try write("s/b/all.npy", one)
      #expect(try UserData.load(root.appending(path: "s")).inputs.shape == [4, 2])
      try write("n/b/2.npy", Array("none".utf8))
      #expect(throws: FileFailure.self) { try UserData.load(root.appending(path: "n")) }
      #expect(throws: FileFailure.self) { try UserData.load(root) }
    }
  }

  @Test("rows of numbers as .npy read back, the target last")
  func arrays() throws {
    let moons = try DatasetLibrary().load("moons")
    let read = try UserData.parse(try moons.npy(), type: "npy", file: "m.npy")
    #expect(read.inputs == moons.inputs && read.targets == moons.targets)
  }

  @Test("damaged descriptions have their message, and none crashes")
  func fuzz() throws {
    try withFolder { root in
      let store = DatasetStore(root: root)
      try store.save(try DatasetLibrary().load("and"), as: "mine")
      let file = store.folder("mine").appending(path: "dataset.json")
      let seed = try FileBytes.read(file)
      let rounds = ProcessInfo.processInfo.environment["BACKSTEP_LONG"] == "1" ? 20_000 : 200
      for round in 0..<rounds {
        let random = CounterRandom(seed: UInt64(round), name: "fuzz")
        var bytes = seed
        for change in 0..<2 {
          let place = Int(random.uniform(at: 3 * change) * Double(bytes.count))
          let byte = UInt8(random.uniform(at: 3 * change + 1) * 256)
          if random.uniform(at: 3 * change + 2) < 0.5 {
            bytes[place] = byte
          } else {
            bytes.insert(byte % 10 + 48, at: place)
          }
        }
        try Data(bytes).write(to: file)
        do { _ = try DatasetLibrary(userRoot: root).load("mine").fingerprint } catch {
          #expect(!"\(error)".isEmpty)
        }
      }
    }
  }
}

@Suite("Statistics and warnings of data")
struct StatisticsTests {
  private func dataset(_ columns: [[Float]], _ targets: [Float], classes: [String]?) -> Dataset {
    let rows = targets.indices.flatMap { row in columns.map { $0[row] } }
    return Dataset(
      name: "d", origin: "Here.", license: "mine",
      features: columns.indices.map { "c\($0)" },
      task: classes.map { .classification(classes: $0) } ?? .regression,
      training: Dataset.Part(
        inputs: Tensor(shape: [targets.count, columns.count], scalars: rows),
        targets: Tensor(shape: [targets.count], scalars: targets)))
  }

  @Test("correlations are Pearson's, the target's too")
  func correlations() throws {
    let data = dataset([[1, 2, 3, 4], [2, 1, 2, 1]], [8, 6, 4, 2], classes: nil)
    let matrix = data.correlations()
    #expect(matrix.names == ["c0", "c1", "target"])
    let (whole, part) = (try #require(matrix[0, 2]), try #require(matrix[0, 1]))
    #expect(abs(whole + 1) < 1e-12 && matrix[1, 1] == 1)
    #expect(abs(part + 1 / 5.0.squareRoot()) < 1e-12 && matrix[0, 1] == matrix[1, 0])
    // What never changes goes together with nothing.
    let level = dataset([[1, 2, 3], [5, 5, 5]], [8, 6, 4], classes: nil).correlations()
    #expect(level[0, 1] == nil && level[1, 1] == nil && level[0, 2] == -1)
  }

  @Test("histograms by class add up to the whole")
  func histograms() throws {
    let iris = try DatasetLibrary().load("iris")
    for column in 0..<4 {
      let parts = iris.histograms(ofInput: column, bins: 12)
      let sums = (0..<12).map { bin in parts.reduce(0) { $0 + $1[bin] } }
      #expect(sums == iris.columnSummaries(bins: 12)[column].histogram)
    }
    #expect(iris.spreadRows(limit: 10).count == 10 && iris.spreadRows(limit: 1000).count == 150)
  }

  @Test("row numbers, constants and answers given away are found")
  func warnings() {
    let n = 40
    let wave = (0..<n).map { sin(Float($0) * 37) }
    let answer = (0..<n).map { Float($0 % 2) }
    let data = dataset(
      [
        wave, (0..<n).map { Float($0 + 1) }, [Float](repeating: 3, count: n),
        zip(wave, answer).map { $0 / 10 + $1 * 5 },
      ], answer, classes: ["no", "yes"])
    let warnings = data.warnings
    #expect(warnings.contains(.identifier(column: "c1")))
    #expect(warnings.contains(.constant(column: "c2")))
    #expect(warnings.contains(.givesAnswer(column: "c3")))
    #expect(!warnings.contains(.givesAnswer(column: "c0")))
  }

  @Test("repeated examples are told from contradicting ones")
  func duplicates() {
    let data = dataset(
      [[1, 1, 2, 2, 3], [0, 0, 1, 1, 1]], [0, 0, 0, 1, 1], classes: ["a", "b"])
    #expect(data.warnings.contains(.duplicates(count: 1)))
    #expect(data.warnings.contains(.contradictions(count: 1)))
  }
}
