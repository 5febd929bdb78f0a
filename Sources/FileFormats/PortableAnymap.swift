/// Netpbm's pictures: PGM and PPM, written in digits (P2, P3) or bytes (P5, P6).
struct PortableAnymap {
  private let bytes: [UInt8]
  private let file: String
  private var offset = 2

  init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  /// - Throws: `FileFailure` naming the byte where the file is not what it should be.
  func read() throws(FileFailure) -> Raster {
    var rest = self
    let kind = bytes.count > 1 ? bytes[1] : 0
    guard let channels = ["2": 1, "5": 1, "3": 3, "6": 3][Character(UnicodeScalar(kind))] else {
      throw failure("the kind P\(Character(UnicodeScalar(kind)))", "it is P2, P3, P5 or P6")
    }
    let width = try rest.number("a width")
    let height = try rest.number("a height")
    let most = try rest.number("the largest value")
    try Raster.check(width, height, file: file)
    guard (1...65_535).contains(most) else {
      throw failure("the largest value \(most)", "it lies from 1 to 65535")
    }
    let count = width * height * channels
    let isBinary = kind >= UInt8(ascii: "5")
    let pixels =
      isBinary ? try rest.packed(count, most) : try rest.written(count, most)
    return Raster(width: width, height: height, channels: channels, pixels: pixels)
  }

  private func failure(_ found: String, _ right: String) -> FileFailure {
    FileFailure(at: "\(file), byte \(offset)", found: found, right: right)
  }

  /// The next number, after blanks and comments.
  private mutating func number(_ what: String) throws(FileFailure) -> Int {
    while offset < bytes.count {
      if bytes[offset] == UInt8(ascii: "#") {
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
      } else if [9, 10, 11, 12, 13, 32].contains(bytes[offset]) {
        offset += 1
      } else {
        break
      }
    }
    var value: Int?
    while offset < bytes.count, (48...57).contains(bytes[offset]) {
      let next = (value ?? 0) * 10 + Int(bytes[offset]) - 48
      guard next < 1 << 31 else { throw failure("\(what) of too many digits", "copy it again") }
      value = next
      offset += 1
    }
    guard let value else { throw failure("no number", "\(what) stands here") }
    return value
  }

  private static func scaled(_ value: Int, _ most: Int) -> UInt8 {
    UInt8(min(255, (value * 255 + most / 2) / most))
  }

  private mutating func packed(_ count: Int, _ most: Int) throws(FileFailure) -> [UInt8] {
    // One blank, then the bytes; two a value above 255.
    offset += 1
    let size = most > 255 ? 2 : 1
    guard bytes.count - offset >= count * size else {
      throw failure("\(max(0, bytes.count - offset)) bytes", "\(count * size) follow here")
    }
    let start = offset
    if size == 1 {
      return bytes[start..<start + count].map { Self.scaled(Int($0), most) }
    }
    return (0..<count).map {
      Self.scaled(
        Int(ByteNumber.read(UInt16.self, bytes, at: start + 2 * $0, bigEndian: true)), most)
    }
  }

  private mutating func written(_ count: Int, _ most: Int) throws(FileFailure) -> [UInt8] {
    // A digit and a blank for each is the least there can be.
    guard bytes.count - offset >= count * 2 - 1 else {
      throw failure("\(bytes.count - offset) bytes", "\(count) numbers follow here")
    }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count)
    for _ in 0..<count { pixels.append(Self.scaled(try number("a pixel"), most)) }
    return pixels
  }
}
