import FileFormats
import Tensors
import Testing

@Suite("Safetensors")
struct SafetensorsTests {
  private func file(_ header: String, data: Int) -> [UInt8] {
    var bytes = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> ($0 * 8)) }
    bytes += Array(header.utf8)
    return bytes + [UInt8](repeating: 0, count: data)
  }

  @Test("a file by the real library reads, whatever its types")
  func reference() throws {
    let file = try Safetensors(parsing: referenceFile("mixed.safetensors"))
    #expect(file["dense/kernel"] == Tensor(shape: [2, 2], scalars: [1, -2, 0.5, 3]))
    #expect(file["dense/bias"] == Tensor(shape: [2], scalars: [0.25, -0.125]))
    #expect(file["steps"] == Tensor(shape: [], scalars: [7]))
    #expect(file["wide"] == Tensor(shape: [1], scalars: [1e-3]))
    #expect(file["counts"] == Tensor(shape: [2], scalars: [-1, 2]))
    #expect(file.metadata == ["format": "np", "note": "a \"quoted\" word, é"])
    #expect(file.entries.count == 5)
  }

  @Test("BF16 is the upper half of a Float32")
  func brainFloat() throws {
    var bytes = file("{\"a\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[0,2]}}", data: 0)
    bytes += [0xC0, 0x3F]
    #expect(try Safetensors(parsing: bytes)["a"]?.scalars == [1.5])
  }

  @Test("a written file has these bytes")
  func literal() throws {
    let file = Safetensors(entries: [.init(name: "a", tensor: Tensor(shape: [1], scalars: [1]))])
    let header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
    let padding = (8 - header.utf8.count % 8) % 8
    let expected: [UInt8] =
      [UInt8(header.utf8.count + padding), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8)
      + [UInt8](repeating: 0x20, count: padding) + [0, 0, 0x80, 0x3F]
    #expect(try file.bytes() == expected)
  }

  @Test("order, names and metadata survive writing and reading")
  func roundTrip() throws {
    let file = Safetensors(
      entries: [
        .init(name: "z \"quoted\" \\ \n", tensor: Tensor(shape: [2, 1], scalars: [1, 2])),
        .init(name: "empty", tensor: Tensor(shape: [0, 4], scalars: [])),
        .init(name: "a", tensor: Tensor(shape: [], scalars: [-0.0])),
      ], metadata: ["é": "\t"])
    let read = try Safetensors(parsing: file.bytes())
    #expect(read.entries == file.entries)
    #expect(read["z \"quoted\" \\ \n"]?.scalars == [1, 2])
    #expect(read.metadata == file.metadata)
  }

  @Test(
    "what does not fit together is refused, and named",
    arguments: [
      ("[]", 0, "no JSON object"), ("{\"a\":1}", 0, "no dtype"),
      ("{\"a\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8, "type C64"),
      (
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "data_offsets [0, 4]"
      ),
      ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "numbers at 4"),
      ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 8, "8 bytes of numbers"),
      ("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "shape [-1]"),
      (
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}}", 4,
        "shape [4611686018427387904, 4]"
      ),
      (
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
          + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "second tensor"
      ),
    ])
  func refusals(header: String, data: Int, found: String) {
    let failure = #expect(throws: Safetensors.Failure.self) {
      try Safetensors(parsing: file(header, data: data))
    }
    #expect(failure?.found.contains(found) == true, "\(failure?.description ?? "")")
  }

  @Test("headers too long or cut off are refused")
  func lengths() {
    #expect(throws: Safetensors.Failure.self) { try Safetensors(parsing: [1, 2, 3]) }
    #expect(throws: Safetensors.Failure.self) {
      try Safetensors(parsing: [UInt8](repeating: 0xFF, count: 16))
    }
    #expect(throws: Safetensors.Failure.self) {
      try Safetensors(parsing: [9] + [UInt8](repeating: 0, count: 8))
    }
    #expect(throws: Safetensors.Failure.self) {
      try Safetensors(parsing: file(String(repeating: "[", count: 100_000), data: 0))
    }
  }

  @Test("no bytes crash the reader")
  func fuzz() throws {
    let seed = try referenceFile("mixed.safetensors")
    for round in 0..<fuzzRounds {
      guard let file = try? Safetensors(parsing: mutated(seed, round: round)) else { continue }
      #expect(file.entries.allSatisfy { $0.tensor.count < 100 })
    }
  }
}
