import Datasets
import FileFormats
import Foundation
import Tensors
import Testing

@Suite("A user's files")
struct UserDataTests {
  private func table(_ text: String, target: String? = nil) throws -> Dataset {
    try UserData.parse(Array(text.utf8), type: "csv", file: "d.csv", target: target)
  }

  private func archive(_ arrays: [(String, Shape, [Double])]) throws -> Dataset {
    let entries = arrays.map { name, shape, scalars in
      NumPyArchive.Entry(
        name: name, array: NumPyArray(shape: shape, elementType: .float64, scalars: scalars))
    }
    let bytes = try NumPyArchive(entries: entries).bytes()
    return try UserData.parse(bytes, type: "npz", file: "d.npz")
  }

  @Test("the last column is the target, and words are classes in alphabetical order")
  func words() throws {
    let dataset = try table("a,b,kind\n1,2,pear\n3,4,apple\n")
    #expect(dataset.features == ["a", "b"])
    #expect(dataset.inputs == Tensor(shape: [2, 2], scalars: [1, 2, 3, 4]))
    #expect(dataset.task == .classification(classes: ["apple", "pear"]))
    #expect(dataset.targets.scalars == [1, 0])
    #expect(dataset.splitRule == .stratified)
  }

  @Test("another column can be the target")
  func target() throws {
    let dataset = try table("y,a,b\n0.5,1,2\n1.5,3,4\n", target: "y")
    #expect(dataset.task == .regression)
    #expect(dataset.targets == Tensor(shape: [2], scalars: [0.5, 1.5]))
    #expect(dataset.inputs == Tensor(shape: [2, 2], scalars: [1, 2, 3, 4]))
  }

  @Test(
    "only the whole numbers 0, 1, … are classes",
    arguments: [
      ("0\n1\n2", 3), ("1\n0\n1", 2), ("1\n2\n1", nil), ("0\n0\n0", nil), ("0\n1\n1.5", nil),
    ])
  func numbers(targets: String, classes: Int?) throws {
    let rows = targets.split(separator: "\n").map { "7,\($0)" }.joined(separator: "\n")
    #expect(try table("x,y\n\(rows)\n").task.classes?.count == classes)
  }

  @Test(
    "what cannot be learned from is refused by line and column",
    arguments: [
      ("a,y\n1,2\nred,3\n", "d.csv:3", "the text 'red' in the input column 'a'"),
      ("a,y\n1,2\n,3\n", "d.csv:3", "a missing value in the column 'a', 1 in all"),
      ("a,y\n1,\n,3\n", "d.csv:2", "a missing value in the column 'y', 1 in all"),
      ("y\n1\n2\n", "d.csv", "only the column 'y'"),
      ("a,y\n1e39,2\n", "d.csv:2", "the number 1e+39 in the column 'a'"),
    ])
  func refusals(text: String, place: String, found: String) {
    let failure = #expect(throws: UserData.Failure.self) { try table(text) }
    #expect(failure?.place == place)
    #expect(failure?.found == found)
  }

  @Test("a target that is no column is refused with the columns")
  func unknownTarget() {
    let failure = #expect(throws: UserData.Failure.self) { try table("a,b\n1,2\n", target: "c") }
    #expect(failure?.right == "the columns are a, b")
  }

  @Test("an archive of x and y is a data set; [n, 1] class numbers become [n]")
  func arrays() throws {
    let dataset = try archive([
      ("x", [2, 2, 3], (0..<12).map { Double($0) }), ("y", [2, 1], [1, 0]),
      ("x_val", [1, 2, 3], [1, 2, 3, 4, 5, 6]), ("y_val", [1, 1], [2]),
    ])
    #expect(dataset.exampleShape == [2, 3])
    #expect(dataset.task == .classification(classes: ["0", "1", "2"]))
    #expect(dataset.targets == Tensor(shape: [2], scalars: [1, 0]))
    #expect(dataset.validation?.count == 1)
    #expect(dataset.test == nil)
    #expect(dataset.splitRule == .lastRows)
    #expect(dataset.features.count == 6 && dataset.features.last == "x[1, 2]")
  }

  @Test("targets of several numbers stay as they are")
  func outputs() throws {
    let dataset = try archive([("x", [2, 1], [1, 2]), ("y", [2, 2], [0, 1, 1, 0])])
    #expect(dataset.task == .regression)
    #expect(dataset.targets.shape == [2, 2])
  }

  @Test("arrays that do not fit together are refused")
  func arrayRefusals() {
    let x: (String, Shape, [Double]) = ("x", [2, 1], [1, 2])
    let y: (String, Shape, [Double]) = ("y", [2], [0.5, 1])
    for arrays in [
      [], [x], [y], [("a", [1], [1])], [x, ("y", [1], [0])], [("x", [2], [1, 2]), y],
      [x, y, ("x_val", [1, 2], [1, 2]), ("y_val", [1], [1])],
      [x, y, ("x_test", [1, 1], [1])], [x, ("y", [], [1])], [("x", [0, 1], []), ("y", [0], [])],
    ] {
      #expect(throws: UserData.Failure.self) { try archive(arrays) }
    }
  }

  @Test("a plain array is a table whose last column is the target")
  func plainArray() throws {
    let array = NumPyArray(shape: [2, 3], elementType: .float32, scalars: [1, 2, 0, 3, 4, 1])
    let bytes = NumPyFile.bytes(of: array)
    let dataset = try UserData.parse(bytes, type: "npy", file: "d.npy")
    #expect(dataset.inputs == Tensor(shape: [2, 2], scalars: [1, 2, 3, 4]))
    #expect(dataset.classNumbers == [0, 1])
  }

  @Test("no bytes crash the readers", arguments: UserData.fileTypes)
  func fuzz(type: String) throws {
    let seed: [UInt8] =
      switch type {
      case "npz": try DatasetLibrary().load("xor", settings: ["examples": 4]).npz()
      case "npy":
        NumPyFile.bytes(
          of: NumPyArray(shape: [2, 2], elementType: .float64, scalars: [1, 0, 2, 1]))
      default: Array("a;b\r\n1,5;\"x\"\n-2;y\n".utf8)
      }
    let rounds = ProcessInfo.processInfo.environment["BACKSTEP_LONG"] == "1" ? 30_000 : 500
    for round in 0..<rounds {
      let random = CounterRandom(seed: UInt64(round), name: "fuzz", call: 0)
      var bytes = seed
      for change in 0..<3 {
        let place = Int(random.uniform(at: 2 * change) * Double(bytes.count))
        bytes[place] = UInt8(random.uniform(at: 2 * change + 1) * 256)
      }
      guard let dataset = try? UserData.parse(bytes, type: type, file: "f") else { continue }
      #expect(dataset.inputs.shape[0] == dataset.targets.shape[0])
      #expect(dataset.warnings.count < 100 && !dataset.fingerprint.isEmpty)
    }
  }

  @Test("files that are missing or of another kind are refused by name")
  func files() {
    let missing = #expect(throws: UserData.Failure.self) {
      try UserData.load(URL(fileURLWithPath: "/nowhere/d.csv"))
    }
    #expect(missing?.description == "/nowhere/d.csv: no such file; check the name and the folder")
    #expect(throws: UserData.Failure.self) { try UserData.load(URL(fileURLWithPath: "/d.xls")) }
  }
}
