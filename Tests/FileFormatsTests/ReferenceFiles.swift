import Foundation

/// The files that NumPy and safetensors wrote; `Tests/Reference/export_file_formats.py` made them.
func referenceFile(_ name: String) throws -> [UInt8] {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../Reference/FileFormats")
  return [UInt8](try Data(contentsOf: folder.appending(path: name)))
}

/// How many mutations a fuzz test tries: a few always, many when asked for.
let fuzzRounds = ProcessInfo.processInfo.environment["BACKSTEP_LONG"] == "1" ? 100_000 : 400

/// Bytes with up to three places changed, cut or doubled; the same for the same round.
func mutated(_ bytes: [UInt8], round: Int) -> [UInt8] {
  var state = UInt64(round) &* 0x9E37_79B9_7F4A_7C15 &+ 1
  func next(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 1) % max(1, bound)
  }
  var bytes = bytes
  for _ in 0...next(3) {
    let place = next(bytes.count)
    switch next(4) {
    case 0 where !bytes.isEmpty: bytes[place] = UInt8(next(256))
    case 1 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8(next(8))
    case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + next(16)))
    default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 8)], at: place)
    }
  }
  return bytes
}
