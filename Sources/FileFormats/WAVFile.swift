/// Sound as numbers: PCM of 8, 16, 24 or 32 bits, or floating point of 32 or 64.
package struct WAVFile: Hashable, Sendable {
  package typealias Failure = FileFailure

  /// Frames a second.
  package let rate: Int
  package let channels: Int
  /// From -1 to 1 (floating point may go beyond), frame by frame, channels side by side.
  package let samples: [Float]

  package var frameCount: Int { samples.count / channels }

  /// The mean of the channels, frame by frame.
  package var mono: [Float] {
    guard channels > 1 else { return samples }
    return (0..<frameCount).map { frame in
      samples[frame * channels..<(frame + 1) * channels].reduce(0, +) / Float(channels)
    }
  }

  private struct Format {
    let isFloat: Bool
    let channels, rate, bits: Int
  }

  /// - Throws: `Failure` for a file that is no WAV, that packs its sound, or that is damaged.
  package init(parsing bytes: [UInt8], file: String) throws(FileFailure) {
    var reader = ByteReader(bytes)
    let begin = reader.letters(4)
    reader.skip(4)
    guard begin == "RIFF", reader.letters(4) == "WAVE" else {
      throw Failure(
        at: file, found: "a file that is no WAV", right: "it begins with RIFF, size and WAVE")
    }
    var format: Format?
    while let name = reader.letters(4), let size = reader.number(UInt32.self) {
      if name == "data" {
        guard let format else {
          throw Failure(
            at: "\(file), byte \(reader.offset)", found: "sound before its format",
            right: "the part 'fmt ' comes before 'data'")
        }
        // A size that was never filled in means all that is left.
        let count = min(Int(size), reader.left)
        (rate, channels) = (format.rate, format.channels)
        samples = Self.samples(bytes, from: reader.offset, count: count, format)
        return
      }
      let start = reader.offset
      if name == "fmt " { format = try Self.format(&reader, size: Int(size), file: file) }
      // Parts begin at even places.
      reader.skip(start + Int(size) + Int(size) % 2 - reader.offset)
    }
    throw Failure(at: file, found: "no sound", right: "a part 'data' follows the part 'fmt '")
  }

  private static func format(
    _ reader: inout ByteReader, size: Int, file: String
  ) throws(FileFailure) -> Format {
    let place = "\(file), byte \(reader.offset)"
    guard size >= 16, let kind = reader.number(UInt16.self),
      let channels = reader.number(UInt16.self), let rate = reader.number(UInt32.self)
    else { throw Failure(at: place, found: "a format that is cut off", right: "copy it again") }
    reader.skip(6)
    let bits = Int(reader.number(UInt16.self) ?? 0)
    var code = kind
    if kind == 0xFFFE {
      // An extended format says its kind in the first bytes of a longer name.
      reader.skip(8)
      code = reader.number(UInt16.self) ?? 0
    }
    let isFloat = code == 3
    guard code == 1 || isFloat, (isFloat ? [32, 64] : [8, 16, 24, 32]).contains(bits) else {
      throw Failure(
        at: place, found: "sound of kind \(code) with \(bits) bits",
        right: "save it as PCM of 8, 16, 24 or 32 bits, or as float")
    }
    guard (1...64).contains(channels), (1...10_000_000).contains(rate) else {
      throw Failure(
        at: place, found: "\(channels) channels, \(rate) frames a second",
        right: "there are 1 to 64 channels, 1 to 10,000,000 frames a second")
    }
    return Format(isFloat: isFloat, channels: Int(channels), rate: Int(rate), bits: bits)
  }

  /// Whole frames only. Of n bits x / 2ⁿ⁻¹; 8 bits are counted from 128.
  private static func samples(
    _ bytes: [UInt8], from start: Int, count: Int, _ format: Format
  ) -> [Float] {
    let size = format.bits / 8
    let whole = count / (size * format.channels) * format.channels
    return (0..<whole).map { i in
      let at = start + i * size
      switch (format.bits, format.isFloat) {
      case (32, true): return Float(bitPattern: ByteNumber.read(UInt32.self, bytes, at: at)).sound
      case (64, true):
        return Float(Double(bitPattern: ByteNumber.read(UInt64.self, bytes, at: at))).sound
      case (8, _): return (Float(bytes[at]) - 128) / 128
      case (16, _): return Float(ByteNumber.read(Int16.self, bytes, at: at)) / 32_768
      case (24, _):
        let top = Int32(Int8(bitPattern: bytes[at + 2])) << 16
        return Float(top | Int32(bytes[at + 1]) << 8 | Int32(bytes[at])) / 8_388_608
      default: return Float(Double(ByteNumber.read(Int32.self, bytes, at: at)) / 2_147_483_648)
      }
    }
  }
}

extension Float {
  /// What is no number is silence.
  fileprivate var sound: Float { isFinite ? self : 0 }
}
