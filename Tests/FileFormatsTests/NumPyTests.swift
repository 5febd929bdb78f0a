import FileFormats
import Tensors
import Testing

@Suite("NumPy files")
struct NumPyTests {
  private static let codes = NumPyArray.ElementType.allCases.filter { $0 != .boolean }

  @Test("every type of element reads in both byte orders", arguments: codes)
  func types(type: NumPyArray.ElementType) throws {
    let first = type.rawValue.hasPrefix("u") ? 0.0 : -2
    let expected = NumPyArray(
      shape: [2, 3], elementType: type, scalars: (0..<6).map { first + Double($0) })
    for order in ["little", "big"] {
      #expect(try NumPyFile.read(referenceFile("\(type.rawValue)_\(order).npy")) == expected)
    }
  }

  @Test("Fortran order becomes row-major")
  func fortran() throws {
    let array = try NumPyFile.read(referenceFile("fortran.npy"))
    #expect(array.shape == [2, 3, 4])
    #expect(array.scalars == (0..<24).map { Double($0) })
  }

  @Test("single numbers, empty arrays, booleans and later versions read")
  func others() throws {
    #expect(
      try NumPyFile.read(referenceFile("scalar.npy"))
        == NumPyArray(shape: [], elementType: .float64, scalars: [2.5]))
    #expect(try NumPyFile.read(referenceFile("empty.npy")).shape == [0, 3])
    #expect(try NumPyFile.read(referenceFile("b1.npy")).scalars == [1, 0, 1])
    for name in ["version2.npy", "version3.npy"] {
      #expect(try NumPyFile.read(referenceFile(name)).scalars == [0, 1, 2, 3])
    }
  }

  @Test("text is refused by name")
  func text() throws {
    let bytes = try referenceFile("text.npy")
    let failure = #expect(throws: FileFailure.self) { try NumPyFile.read(bytes, file: "t.npy") }
    #expect(failure?.found == "elements of type '<U1'")
  }

  @Test(
    "a written array has NumPy's own bytes",
    arguments: ["f4_little.npy", "f8_little.npy", "i8_little.npy", "scalar.npy", "empty.npy"])
  func writing(name: String) throws {
    let bytes = try referenceFile(name)
    #expect(NumPyFile.bytes(of: try NumPyFile.read(bytes)) == bytes)
  }

  @Test("archives read, stored and deflated", arguments: ["stored.npz", "deflated.npz"])
  func archives(name: String) throws {
    let archive = try NumPyArchive(parsing: referenceFile(name))
    #expect(archive.entries.map(\.name) == ["x", "y"])
    #expect(archive["x"]?.tensor == Tensor(shape: [3, 2], scalars: [0, 0.25, 0.5, 0.75, 1, 1.25]))
    #expect(archive["y"]?.scalars == [0, 1, 1])
  }

  @Test(
    "a written archive reads back equal, and is the same bytes each time", arguments: [false, true])
  func archiveRoundTrip(compressed: Bool) throws {
    let tensor = Tensor(shape: [2, 50], repeating: 1.5)
    let archive = NumPyArchive(entries: [
      .init(name: "x", array: NumPyArray(tensor)),
      .init(name: "layer/kernel", array: NumPyArray(tensor.reshaped(to: [100]))),
    ])
    let bytes = try archive.bytes(compressed: compressed)
    #expect(try NumPyArchive(parsing: bytes) == archive)
    #expect(try archive.bytes(compressed: compressed) == bytes)
  }

  @Test("an archive larger than its limit is refused")
  func limit() throws {
    let entry = ZipArchive.Entry(name: "zeros", bytes: [UInt8](repeating: 0, count: 10_000))
    let bytes = try ZipArchive(entries: [entry]).bytes(compressed: true)
    #expect(bytes.count < 1000)
    #expect(throws: FileFailure.self) { try ZipArchive(parsing: bytes, limit: 9_999) }
    #expect(try ZipArchive(parsing: bytes, limit: 10_000)["zeros"] == entry.bytes)
  }

  @Test("two entries of one name cannot be written")
  func duplicates() {
    let entry = ZipArchive.Entry(name: "x", bytes: [1])
    #expect(throws: FileFailure.self) { try ZipArchive(entries: [entry, entry]).bytes() }
  }

  @Test("no bytes crash the readers", arguments: ["fortran.npy", "f4_big.npy", "deflated.npz"])
  func fuzz(name: String) throws {
    let seed = try referenceFile(name)
    for round in 0..<fuzzRounds {
      let bytes = mutated(seed, round: round)
      if let array = try? NumPyFile.read(bytes) {
        #expect(array.shape.count == array.scalars.count)
      }
      if name.hasSuffix("npz"), let archive = try? NumPyArchive(parsing: bytes) {
        #expect(archive.entries.count <= 2)
      }
    }
  }
}
