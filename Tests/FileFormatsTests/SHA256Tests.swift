import FileFormats
import Testing

@Suite("SHA-256")
struct SHA256Tests {
  @Test(
    "the examples of the standard, and lengths around a block as Python's hashlib has them",
    arguments: [
      (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      (55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
      (56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
      (64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
      (1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
  func letters(count: Int, digest: String) {
    let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: count)
    var whole = SHA256()
    whole.add(bytes[...])
    #expect(whole.hexadecimal == digest)
    // In pieces of all sizes.
    var pieces = SHA256()
    var (place, size) = (0, 1)
    while place < count {
      pieces.add(bytes[place..<min(count, place + size)])
      place += size
      size = size % 131 + 1
    }
    #expect(pieces.hexadecimal == digest)
  }

  @Test("abc")
  func abc() {
    var hash = SHA256()
    hash.add(Array("abc".utf8)[...])
    #expect(
      hash.hexadecimal == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
